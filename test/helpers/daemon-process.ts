import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { eventually } from './eventually.js';
import { DaemonState, MAIN, programEnv } from './program.js';

/** A line of the daemon's JSON log. */
export interface LogLine {
  readonly time: string;
  readonly level: string;
  readonly message: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** From the signal that asked for it, or from the call. */
  readonly tookMs: number;
}

/** `lookout run` as a process of its own, as users run it. */
export class DaemonProcess implements AsyncDisposable {
  readonly log: LogLine[] = [];
  /** What it wrote that is no line of the log. */
  readonly chatter: string[] = [];
  readonly #process: ChildProcess;
  readonly #closed: Promise<unknown>;

  private constructor(process: ChildProcess) {
    this.#process = process;
    this.#closed = once(process, 'close');
    if (!process.stderr) throw new Error('the daemon has no stderr');
    createInterface({ input: process.stderr }).on('line', (line) => this.#read(line));
  }

  /** Starts it; configuration keys as `{ 'camera.source': 'replay' }`. */
  static start(
    keys: Readonly<Record<string, string | number | boolean>>,
    env: NodeJS.ProcessEnv = process.env,
    main = MAIN,
  ): DaemonProcess {
    const args = Object.entries({ 'log.format': 'json', node: 'test', ...keys }).map(
      ([key, value]) => `--${key}=${value}`,
    );
    const state = new DaemonState();
    const child = spawn(process.execPath, [main, 'run', ...args], {
      env: programEnv({ LOOKOUT_STATE_DIR: state.folder, ...env }),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.once('close', () => state.end());
    return new DaemonProcess(child);
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** Waits for a line of the log that holds `text`. */
  async logged(text: string, timeoutMs = 20_000): Promise<LogLine> {
    return await eventually(
      `the daemon logs "${text}"; it said: ${this.saidLast()}`,
      () => this.log.find(({ message }) => message.includes(text)),
      timeoutMs,
    );
  }

  /** Sends `signal`, if one is named, and waits for the end. */
  async end(signal?: NodeJS.Signals): Promise<Ending> {
    const begin = performance.now();
    if (signal) this.kill(signal);
    await this.#closed;
    const { exitCode, signalCode } = this.#process;
    return { code: exitCode, signal: signalCode, tookMs: performance.now() - begin };
  }

  /** The frame counts it reported at its end. */
  get counts(): Readonly<Record<string, number>> {
    const line = this.log.findLast(({ message }) => message === 'Stopped');
    if (!line?.fields) throw new Error(`the daemon reported no counts; ${this.saidLast()}`);
    return line.fields as Record<string, number>;
  }

  saidLast(): string {
    return [...this.log.map(({ message }) => message), ...this.chatter].slice(-8).join(' | ');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.hasEnded) this.kill('SIGKILL');
    await this.#closed;
  }

  #read(line: string): void {
    try {
      this.log.push(JSON.parse(line) as LogLine);
    } catch {
      this.chatter.push(line);
    }
  }
}

/** Frames that ended in a counter: equal to `framesIn` when none was lost or counted twice. */
export function accounted(counts: Readonly<Record<string, number>>): number {
  const { framesIn: _, ...ends } = counts;
  return Object.values(ends).reduce((sum, count) => sum + count, 0);
}
