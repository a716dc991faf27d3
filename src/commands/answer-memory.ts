/** A command that was let in, as long as it is remembered. */
export interface Remembered<Asker> {
  /** What it would do. */
  readonly fingerprint: string;
  /** The payload of the answer; null while there is none yet. */
  readonly answer: string | null;
  /** Who asked and has no answer yet. */
  readonly askers: readonly Asker[];
}

interface Entry<Asker> extends Remembered<Asker> {
  answer: string | null;
  askers: Asker[];
  /** Of the answer, by the caller's clock. */
  answeredAtMs: number;
}

export interface AnswerMemoryOptions {
  readonly maxAnswers: number;
  readonly maxAgeMs: number;
  /** Askers that can wait for one answer. */
  readonly maxAskers: number;
}

/** Remembers commands by key, so that a repetition gets the same answer and nothing happens twice. */
export class AnswerMemory<Asker> {
  readonly #options: AnswerMemoryOptions;
  /** As many as the caller lets run and wait. */
  readonly #open = new Map<string, Entry<Asker>>();
  /** The oldest first. */
  readonly #answered = new Map<string, Entry<Asker>>();
  #forgotten = 0;

  constructor(options: AnswerMemoryOptions) {
    this.#options = options;
  }

  /** Answers that were forgotten before their time because there were too many. */
  get forgotten(): number {
    return this.#forgotten;
  }

  find(key: string, nowMs: number): Remembered<Asker> | null {
    this.#forgetOld(nowMs);
    return this.#open.get(key) ?? this.#answered.get(key) ?? null;
  }

  /** Remembers a new command. */
  open(key: string, fingerprint: string, asker: Asker): void {
    this.#open.set(key, { fingerprint, answer: null, askers: [asker], answeredAtMs: 0 });
  }

  /** Lets one more wait for the answer of an open command; false when too many do. */
  join(key: string, asker: Asker): boolean {
    const entry = this.#open.get(key);
    if (entry === undefined || entry.askers.length >= this.#options.maxAskers) return false;
    entry.askers.push(asker);
    return true;
  }

  /** Keeps the answer of an open command, and gives those who wait for it. */
  answer(key: string, answer: string, nowMs: number): readonly Asker[] {
    const entry = this.#open.get(key);
    if (entry === undefined) return [];
    this.#open.delete(key);
    const { askers } = entry;
    this.#answered.set(key, { ...entry, answer, askers: [], answeredAtMs: nowMs });
    this.#forgetOld(nowMs);
    return askers;
  }

  #forgetOld(nowMs: number): void {
    const { maxAgeMs, maxAnswers } = this.#options;
    for (const [key, { answeredAtMs }] of this.#answered) {
      const isOld = nowMs - answeredAtMs > maxAgeMs;
      if (!isOld && this.#answered.size <= maxAnswers) return;
      if (!isOld) this.#forgotten += 1;
      this.#answered.delete(key);
    }
  }
}
