import { Worker } from 'node:worker_threads';
import type { FrameDetections } from '../domain/detection.js';
import type { DetectorModel } from '../domain/detector-model.js';
import type { EngineChoice, LoadReport } from '../domain/engine.js';
import { type Frame, frameInfo } from '../domain/frame.js';
import type { FramePool } from '../domain/frame-pool.js';
import { InferenceError, ModelError } from '../errors.js';
import type { Detector } from './detector.js';
import type { ErrorMessage, WorkerAnswer, WorkerRequest, WorkerTask } from './worker-protocol.js';

/** How long the thread may take to finish its inference and leave. */
const STOP_TIMEOUT_MS = 2_000;

interface Pending {
  readonly resolve: (answer: WorkerAnswer) => void;
  readonly reject: (reason: Error) => void;
}

export interface WorkerDetectorOptions {
  /** Detections below this score, 0..1, are not delivered; asked for each frame. */
  readonly minScore: () => number;
  /** Where frames' buffers go when the worker has read them. */
  readonly pool: FramePool;
  /** Longest wait for one answer; a worker that takes longer is stuck, and `failed` settles. */
  readonly timeoutMs: number;
}

/**
 * The main thread's side of the inference worker: one thread for the whole life of the process,
 * because the engine's addon survives neither a second one nor a forced end.
 */
export class WorkerDetector implements Detector {
  /** Rejects when the worker is lost: it crashed or is stuck. Never resolves. */
  readonly failed: Promise<never>;
  readonly #worker: Worker;
  readonly #options: WorkerDetectorOptions;
  readonly #pending = new Map<number, Pending>();
  readonly #exited: Promise<unknown>;
  #fail: (reason: Error) => void = () => {};
  /** Rings when there was no answer for so long; set anew by requests and answers. */
  #watchdog: NodeJS.Timeout | undefined;
  #lost: Error | null = null;
  #lastRequestId = 0;
  /** The frame detected last: candidates are tried on it. */
  #lastFrame: Frame | null = null;

  private constructor(worker: Worker, options: WorkerDetectorOptions) {
    this.#worker = worker;
    this.#options = options;
    this.#exited = new Promise((resolve) => worker.once('exit', resolve));
    this.failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    // Whoever is interested awaits it; nobody has to.
    this.failed.catch(() => {});
  }

  /** Starts the thread; it has no model yet. */
  static start(options: WorkerDetectorOptions): WorkerDetector {
    const worker = new Worker(new URL('./inference-worker.js', import.meta.url), {
      name: 'inference',
      resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8 },
    });
    const detector = new WorkerDetector(worker, options);
    worker.on('message', (answer: WorkerAnswer) => detector.#settle(answer));
    worker.on('error', (cause) => {
      detector.#lose(new Error(`The inference worker crashed: ${cause.message}`, { cause }));
    });
    worker.on('exit', () => detector.#lose(new Error('The inference worker has ended')));
    detector.#watchdog = setTimeout(() => detector.#noticeSilence(), options.timeoutMs).unref();
    return detector;
  }

  /**
   * Loads a model beside the active one and tries it on the last frame. It does not serve before
   * `activate`. Takes ownership of `modelBytes`.
   * @throws ModelError when the engine refuses it or it fails on the frame.
   */
  async load(
    model: DetectorModel,
    modelBytes: Uint8Array<ArrayBuffer>,
    engine: EngineChoice,
  ): Promise<LoadReport> {
    const trial = this.copyOfLastFrame();
    // What came out of another process lies in the middle of its message.
    const isWhole = modelBytes.byteLength === modelBytes.buffer.byteLength;
    const { buffer } = isWhole ? modelBytes : modelBytes.slice();
    const buffers = trial ? [buffer, trial.data.buffer] : [buffer];
    const answer = await this.#request(
      { kind: 'load', model, modelBytes: buffer, engine, trial },
      buffers,
    );
    if (answer.kind === 'failed') throw modelError(answer.error);
    const { trialMs, warnings } = expectKind(answer, 'loaded');
    return { trialMs, warnings };
  }

  /** Makes the loaded candidate the active model, from the next frame on. */
  async activate(): Promise<void> {
    const answer = await this.#request({ kind: 'activate' }, []);
    if (answer.kind === 'failed') throw modelError(answer.error);
  }

  async detect(frame: Frame, queuedMs: number): Promise<FrameDetections> {
    // A buffer that is already given away would cost its message, and so the worker its life.
    if (frame.data.byteLength === 0) {
      throw new InferenceError(`Cannot detect frame ${frame.sequence}: it has no bytes`);
    }
    const askedMs = performance.now();
    const minScore = this.#options.minScore();
    const answer = await this.#request({ kind: 'detect', frame, minScore }, [frame.data.buffer]);
    if (answer.kind === 'failed') {
      if (answer.frameData) this.#options.pool.give(answer.frameData);
      throw inferenceError(answer.error);
    }
    const { model, timings, detections, frameData } = expectKind(answer, 'detected');
    this.#keep({ ...frame, data: frameData });
    const workMs = timings.preprocessMs + timings.inferenceMs + timings.postprocessMs;
    const queueMs = queuedMs + performance.now() - askedMs - workMs;
    return { frame: frameInfo(frame), model, timings: { queueMs, ...timings }, detections };
  }

  /** The frame detected last, for the caller to keep; null before the first. */
  copyOfLastFrame(): Frame | null {
    const last = this.#lastFrame;
    return last && { ...last, data: last.data.slice() };
  }

  /** Durations in ms of `runs` bare inferences of the active model, one after the other. */
  async benchmark(runs: number): Promise<Float64Array> {
    const answer = await this.#request({ kind: 'benchmark', runs }, []);
    if (answer.kind === 'failed') throw inferenceError(answer.error);
    return expectKind(answer, 'benchmarked').inferenceMs;
  }

  /** Lets the inference in progress finish, then ends the thread; gives up after 2 s. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#worker.postMessage({ kind: 'stop' } satisfies WorkerRequest);
    let timer: NodeJS.Timeout | undefined;
    const givenUp = new Promise((resolve) => {
      timer = setTimeout(resolve, STOP_TIMEOUT_MS);
    });
    await Promise.race([this.#exited, givenUp]);
    clearTimeout(timer);
    clearTimeout(this.#watchdog);
  }

  #request(task: WorkerTask, transfer: readonly ArrayBuffer[]): Promise<WorkerAnswer> {
    if (this.#lost) return Promise.reject(this.#lost);
    this.#lastRequestId += 1;
    const requestId = this.#lastRequestId;
    return new Promise((resolve, reject) => {
      // First of all: where it throws, nothing must be left waiting for an answer.
      this.#worker.postMessage({ ...task, requestId } satisfies WorkerRequest, [...transfer]);
      if (this.#pending.size === 0) this.#watchdog?.refresh();
      this.#pending.set(requestId, { resolve, reject });
    });
  }

  #settle(answer: WorkerAnswer): void {
    this.#watchdog?.refresh();
    this.#pending.get(answer.requestId)?.resolve(answer);
    this.#pending.delete(answer.requestId);
  }

  #noticeSilence(): void {
    if (this.#pending.size === 0) return;
    const { timeoutMs } = this.#options;
    this.#lose(new Error(`The inference worker is stuck: no answer for ${timeoutMs} ms`));
  }

  #lose(reason: Error): void {
    this.#lost ??= reason;
    for (const { reject } of this.#pending.values()) reject(reason);
    this.#pending.clear();
    this.#fail(reason);
  }

  #keep(frame: Frame): void {
    if (this.#lastFrame) this.#options.pool.give(this.#lastFrame.data);
    this.#lastFrame = frame;
  }
}

function inferenceError({ message, stack }: ErrorMessage): InferenceError {
  return new InferenceError(message, { cause: { stack } });
}

function modelError({ code, message, stack }: ErrorMessage): Error {
  const cause = { stack };
  return code === null ? new Error(message, { cause }) : new ModelError(message, { code, cause });
}

function expectKind<K extends WorkerAnswer['kind']>(
  answer: WorkerAnswer,
  kind: K,
): Extract<WorkerAnswer, { kind: K }> {
  if (answer.kind === kind) return answer as Extract<WorkerAnswer, { kind: K }>;
  throw new Error(`The inference worker answered "${answer.kind}", expected "${kind}"`);
}
