import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Nothing that is asked here takes longer unless it hangs. */
const LIMIT_MS = 120_000;
const KEPT_CHARS = 4_000;
const MAX_REASON_CHARS = 200;

/** A child process that answers each line on its stdin with a line of JSON on its stdout. */
export class LineProcess implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #ended: Promise<unknown>;
  #complaint = '';

  constructor(command: string, args: readonly string[]) {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#process = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    this.#ended = once(child, 'close').catch((error: unknown) => {
      this.#complaint = String(error);
    });
    // One that has ended cannot be asked any more; its answer that does not come says so.
    child.stdin.on('error', () => undefined);
    child.stderr.on('data', (chunk: Buffer) => {
      this.#complaint = (this.#complaint + chunk.toString()).slice(-KEPT_CHARS);
    });
  }

  /** @throws Error with the last line it wrote to stderr when it ends instead. */
  async ask(question: string): Promise<unknown> {
    this.#process.stdin?.write(`${question}\n`);
    return await this.answer();
  }

  /** Its next line; the first one comes unasked when it is ready. */
  async answer(): Promise<unknown> {
    const alarm = setTimeout(() => this.#process.kill('SIGKILL'), LIMIT_MS);
    try {
      const { value, done } = await this.#lines.next();
      if (!done) return JSON.parse(value);
    } finally {
      clearTimeout(alarm);
    }
    await this.#ended;
    const lastLine = this.#complaint.trim().split('\n').at(-1)?.slice(0, MAX_REASON_CHARS);
    throw new Error(lastLine || `it ended with ${this.#process.signalCode}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#ended;
  }
}
