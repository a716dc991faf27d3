import { type LogEntry, plainLine } from './log-line.js';
import { byTimer, type Schedule } from './schedule.js';

const INTERVAL_MS = 1_000;
/** Different lines that wait. */
const MAX_WAITING = 16;
/** A line that found nobody for so long is no news. */
const MAX_AGE_MS = 60_000;
const MAX_LENGTH = 1_024;

/** A line that is handed on. */
export interface FedLine {
  readonly level: 'error' | 'warn';
  readonly message: string;
  /** When it was said last, Unix ms. */
  readonly timeMs: number;
  /** How often it was said. */
  readonly count: number;
  /** Other lines, since the one before, that were too many or got too old. */
  readonly omitted: number;
}

interface WaitingLine extends Omit<FedLine, 'omitted'> {
  /** On the clock that never jumps. */
  readonly saidAtMs: number;
}

/** Takes a line; false: not now. */
export type HandOn = (line: FedLine) => boolean;

/**
 * Hands warnings and errors on, at most one a second, and one that is said again while it waits
 * only once. Where handing on makes somebody say a line, that one waits its turn, and one about
 * itself goes nowhere: there is no loop.
 */
export class LogFeed implements Disposable {
  readonly #schedule: Schedule;
  readonly #nowMs: () => number;
  readonly #waiting = new Map<string, WaitingLine>();
  #handOn: HandOn = () => false;
  #omitted = 0;
  /** Null while the next one may be handed on at once. */
  #cancel: (() => void) | null = null;

  /** @param nowMs a clock that never jumps: soon after its start a machine may learn the time. */
  constructor(schedule: Schedule = byTimer, nowMs: () => number = () => performance.now()) {
    this.#schedule = schedule;
    this.#nowMs = nowMs;
  }

  /** Names who gets the lines; until then they wait. */
  to(handOn: HandOn): void {
    this.#handOn = handOn;
  }

  /** Takes a line; what is no warning and no error is left out. */
  add(entry: LogEntry): void {
    const { level, timeMs } = entry;
    if (level !== 'error' && level !== 'warn') return;
    const key = `${level} ${entry.message}`;
    const count = (this.#waiting.get(key)?.count ?? 0) + 1;
    if (count === 1 && this.#waiting.size >= MAX_WAITING) {
      this.#omitted += 1;
      return;
    }
    const message = plainLine(entry).slice(0, MAX_LENGTH);
    this.#waiting.set(key, { level, message, timeMs, count, saidAtMs: this.#nowMs() });
    if (this.#cancel === null) this.#next();
  }

  [Symbol.dispose](): void {
    this.#cancel?.();
    // As if one had just been handed on, and the next second never came.
    this.#cancel = () => {};
    this.#waiting.clear();
  }

  #next(): void {
    this.#cancel = null;
    for (const [key, { saidAtMs, count }] of this.#waiting) {
      if (this.#nowMs() - saidAtMs <= MAX_AGE_MS) continue;
      this.#waiting.delete(key);
      this.#omitted += count;
    }
    const [oldest] = this.#waiting;
    if (oldest === undefined) return;
    // First of all, for whoever takes the line may say another one.
    this.#cancel = this.#schedule(() => this.#next(), INTERVAL_MS);
    const [key, { saidAtMs: _, ...line }] = oldest;
    if (!this.#handOn({ ...line, omitted: this.#omitted })) return;
    this.#omitted = 0;
    this.#waiting.delete(key);
  }
}
