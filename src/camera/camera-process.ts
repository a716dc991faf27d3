import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { CameraError, messageOf } from '../errors.js';
import type { Log } from '../log.js';
import { boundToParent } from '../processes/bound-to-parent.js';
import { childEnvironment } from '../processes/child-environment.js';
import { LineSplitter } from './line-splitter.js';
import { type Blocks, OutputPipe } from './output-pipe.js';

/** Even a killed process stays while a driver holds it; it is waited for this long. */
const REAP_MS = 500;
/** A watchdog that rings this late says that we slept, not that the camera did. */
const OWN_DELAY_MS = 500;
const WARN_INTERVAL_MS = 60_000;

/** A program that writes to its standard output, and how to treat it. */
export interface CameraCommand {
  /** What it is run for, for error texts: `Cannot ${purpose}: …`. */
  readonly purpose: string;
  /** Absolute path. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly stopSignal: 'SIGINT' | 'SIGTERM';
  /** Time from `stopSignal` to SIGKILL. */
  readonly graceMs: number;
  /** Whether exit code 0 is the regular end; else every end is a failure. */
  readonly finite: boolean;
  /** Lines of its standard error that users should see as warnings. */
  readonly warnings?: RegExp;
  /** What a line of its standard error says against using its output; null: nothing. */
  readonly faultIn?: (line: string) => string | null;
}

type Child = ChildProcessByStdio<null, null, Readable>;
type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/**
 * A child process that gives frames, in a process group of its own. It is watched, its errors are
 * told in its own words, and nothing of it is left after disposal, nor (where `setpriv` of
 * util-linux is installed) after this process has been killed.
 */
export class CameraProcess implements AsyncDisposable {
  readonly #child: Child;
  readonly #command: CameraCommand;
  readonly #log: Log;
  readonly #name: string;
  readonly #pipe: OutputPipe;
  readonly #ended: Promise<Exit>;
  #abandon: () => void = () => undefined;
  #watchdog: NodeJS.Timeout | undefined;
  #stopping = false;
  #failure: string | null = null;
  #lastLine: string | null = null;
  #warnedAtMs = Number.NEGATIVE_INFINITY;

  private constructor(child: Child, pipe: OutputPipe, command: CameraCommand, log: Log) {
    this.#child = child;
    this.#pipe = pipe;
    this.#command = command;
    this.#log = log;
    this.#name = basename(command.program);
    this.#ended = new Promise((resolve) => {
      child.once('close', (code, signal) => resolve({ code, signal }));
      this.#abandon = () => resolve({ code: null, signal: null });
    });
  }

  /**
   * Starts the program.
   * @param blocks how its output is to be cut.
   * @throws CameraError when the system cannot start it.
   */
  static async start(command: CameraCommand, blocks: Blocks, log: Log): Promise<CameraProcess> {
    const env = childEnvironment(command.env);
    // Otherwise the child would outlive a killed daemon, and keep the camera busy for the next one.
    const [program, ...args] = boundToParent([command.program, ...command.args], env);
    let pipe: OutputPipe | null = null;
    try {
      pipe = OutputPipe.open(blocks);
      const child = pipe.handOver((writeFd) =>
        spawn(program, args, { env, detached: true, stdio: ['ignore', writeFd, 'pipe'] }),
      ) as Child;
      if (child.pid === undefined) throw (await once(child, 'error'))[0];
      const started = new CameraProcess(child, pipe, command, log);
      started.#listen();
      return started;
    } catch (cause) {
      pipe?.[Symbol.dispose]();
      throw new CameraError(
        `Cannot ${command.purpose}: "${command.program}" did not start (${messageOf(cause)})`,
        { cause },
      );
    }
  }

  /**
   * The blocks that the program writes, the last maybe shorter; the consumer owns them. To be called
   * once. Reading is held up while the consumer is. Ends when `signal` is aborted, or at the regular
   * end of a finite program.
   * @throws CameraError when the program ends otherwise, or did not give what was expected in time.
   */
  async *output(signal: AbortSignal): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
    const stop = () => this.#stop();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      for (let block = await this.#pipe.next(); block; block = await this.#pipe.next()) {
        if (!this.#stopping) yield block;
      }
      const exit = await this.#ended;
      if (!signal.aborted) this.#judge(exit);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** Makes it a failure when this is not called again, here or below, within `ms`. */
  expectWithin(ms: number): void {
    this.expectNothing();
    if (this.#stopping) return;
    const dueMs = performance.now() + ms;
    this.#watchdog = setTimeout(() => {
      if (performance.now() - dueMs > OWN_DELAY_MS) this.expectWithin(ms);
      else this.#fail(`gave no complete frame for ${ms} ms`);
    }, ms);
  }

  /** Takes back the last expectation, while nobody reads. */
  expectNothing(): void {
    clearTimeout(this.#watchdog);
  }

  /** Stops the program and everything it started, within the grace and half a second. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop();
    // A program that is blocked on a full pipe cannot obey: what it still writes is thrown away.
    await this.#pipe.drain();
    await this.#ended;
  }

  #listen(): void {
    const lines = new LineSplitter((line) => this.#hear(line));
    this.#child.stderr.setEncoding('utf8');
    this.#child.stderr.on('data', (text: string) => lines.push(text));
    this.#child.stderr.once('end', () => lines.end());
    // A helper of the program that lives on would hold the pipes open, and the camera.
    this.#child.once('exit', () => this.#signalGroup('SIGKILL'));
  }

  #hear(line: string): void {
    this.#lastLine = line;
    const fault = this.#command.faultIn?.(line) ?? null;
    if (fault !== null) this.#fail(fault);
    const nowMs = performance.now();
    if (this.#command.warnings?.test(line) && nowMs - this.#warnedAtMs > WARN_INTERVAL_MS) {
      this.#warnedAtMs = nowMs;
      this.#log.warn(`${this.#name} says: ${line}`);
    } else {
      this.#log.debug(`${this.#name} says: ${line}`);
    }
  }

  #fail(failure: string): void {
    if (this.#stopping) return;
    this.#failure = failure;
    this.#stop();
  }

  #stop(): void {
    if (this.#stopping) return;
    this.#stopping = true;
    this.expectNothing();
    this.#signalGroup(this.#command.stopSignal);
    const kill = setTimeout(() => this.#signalGroup('SIGKILL'), this.#command.graceMs);
    const giveUp = setTimeout(() => {
      this.#log.error(`Cannot end ${this.#name}: process ${this.#child.pid} survives SIGKILL`);
      this.#child.unref();
      this.#pipe[Symbol.dispose]();
      this.#child.stderr.destroy();
      this.#abandon();
    }, this.#command.graceMs + REAP_MS);
    void this.#ended.then(() => {
      clearTimeout(kill);
      clearTimeout(giveUp);
    });
  }

  #signalGroup(signal: NodeJS.Signals): void {
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, signal);
    } catch {
      // The group is gone already, which is what is wanted.
    }
  }

  #judge(exit: Exit): void {
    if (this.#failure === null && this.#command.finite && exit.code === 0) return;
    const ending =
      exit.signal === null ? `ended with exit code ${exit.code}` : `was killed by ${exit.signal}`;
    const lastWords = this.#lastLine === null ? 'it said nothing' : `it said "${this.#lastLine}"`;
    throw new CameraError(
      `Cannot ${this.#command.purpose}: "${this.#name}" ${this.#failure ?? ending}, ${lastWords}`,
    );
  }
}
