import type { Schedule } from '../../src/log/schedule.js';

/** Time that passes only when it is told to. */
export class ManualClock {
  #nowMs = 0;
  #tasks: { readonly task: () => void; readonly dueMs: number }[] = [];

  readonly nowMs = (): number => this.#nowMs;

  readonly schedule: Schedule = (task, ms) => {
    const entry = { task, dueMs: this.#nowMs + ms };
    this.#tasks.push(entry);
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== entry);
    };
  };

  advance(ms: number): void {
    this.#nowMs += ms;
    const due = this.#tasks.filter(({ dueMs }) => dueMs <= this.#nowMs);
    this.#tasks = this.#tasks.filter(({ dueMs }) => dueMs > this.#nowMs);
    for (const { task } of due) task();
  }
}
