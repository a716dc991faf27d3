/** A command that waits for its turn. */
export interface Job {
  /** Of two jobs of the same name the second never starts before the first has truly ended. */
  readonly name: string;
  run(signal: AbortSignal): unknown;
  readonly limitMs: number;
  /** By the lane's clock: a job whose turn comes later is not run. */
  readonly expiresAtMs: number;
  /** Is called once, never before `push` has returned; must not throw. */
  settle(outcome: Outcome): void;
}

/**
 * What became of a job. `expired`: its turn came too late. `blocked`: one of its name has not
 * ended. `timeout`: it took too long and was given up. `stopped`: the lane was closed.
 */
export type Outcome =
  | { readonly kind: 'done'; readonly data: unknown }
  | { readonly kind: 'failed'; readonly thrown: unknown }
  | { readonly kind: 'expired' }
  | { readonly kind: 'blocked' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'stopped' };

/** How long a job that was given up may hold up the next one. */
const GRACE_MS = 1_000;

/** Runs jobs one at a time, in order. */
export class CommandLane implements AsyncDisposable {
  readonly #capacity: number;
  readonly #now: () => number;
  readonly #waiting: Job[] = [];
  /** Names of jobs that were given up and have not ended. */
  readonly #stuck = new Set<string>();
  #running: Promise<void> | null = null;
  #isClosed = false;
  #stopCurrent: () => void = () => undefined;

  /** @param now a clock that never jumps, in ms. */
  constructor(capacity: number, now: () => number) {
    this.#capacity = capacity;
    this.#now = now;
  }

  /** Why a job of this name cannot be taken now, or null. */
  refusalOf(name: string): string | null {
    if (this.#isClosed) return 'Lookout is stopping';
    if (this.#stuck.has(name)) return 'the one before it was given up and has not ended yet';
    if (this.#waiting.length >= this.#capacity) return `${this.#capacity} commands are waiting`;
    return null;
  }

  /** Takes a job; only where there is no refusal. */
  push(job: Job): void {
    this.#waiting.push(job);
    this.#running ??= this.#drain();
  }

  /** Gives up the current job and all that wait; within the grace that a job is given. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#stopCurrent();
    await this.#running;
  }

  async #drain(): Promise<void> {
    // Nothing of a job happens inside `push`.
    await null;
    for (let job = this.#waiting.shift(); job; job = this.#waiting.shift()) {
      if (this.#isClosed) job.settle({ kind: 'stopped' });
      else if (this.#now() > job.expiresAtMs) job.settle({ kind: 'expired' });
      else if (this.#stuck.has(job.name)) job.settle({ kind: 'blocked' });
      else await this.#run(job);
    }
    this.#running = null;
  }

  async #run(job: Job): Promise<void> {
    const controller = new AbortController();
    const work = outcomeOf(job, controller.signal);
    let timer: NodeJS.Timeout | undefined;
    const outcome = await new Promise<Outcome>((resolve) => {
      timer = setTimeout(() => resolve({ kind: 'timeout' }), job.limitMs);
      this.#stopCurrent = () => resolve({ kind: 'stopped' });
      void work.then(resolve);
    });
    clearTimeout(timer);
    job.settle(outcome);
    if (outcome.kind === 'timeout' || outcome.kind === 'stopped') {
      controller.abort(new Error(outcome.kind === 'timeout' ? 'it took too long' : 'stopping'));
      await this.#letGo(job.name, work);
    }
  }

  /** Waits for a job that was told to stop, but not for long. */
  async #letGo(name: string, work: Promise<Outcome>): Promise<void> {
    this.#stuck.add(name);
    const ended = work.then(() => this.#stuck.delete(name));
    await new Promise<unknown>((resolve) => {
      const timer = setTimeout(resolve, GRACE_MS);
      void ended.then(() => {
        clearTimeout(timer);
        resolve(null);
      });
    });
  }
}

async function outcomeOf(job: Job, signal: AbortSignal): Promise<Outcome> {
  try {
    return { kind: 'done', data: await job.run(signal) };
  } catch (thrown) {
    return { kind: 'failed', thrown };
  }
}
