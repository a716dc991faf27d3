import { type MessagePort, parentPort } from 'node:worker_threads';
import type { EngineChoice, LoadReport } from '../domain/engine.js';
import type { Frame } from '../domain/frame.js';
import { ModelError, messageOf } from '../errors.js';
import { collectGarbageSoon } from '../free-memory.js';
import { createInterpreter } from './create-interpreter.js';
import type { Interpreter } from './interpreter.js';
import { LoadedModel } from './loaded-model.js';
import type { ErrorMessage, WorkerAnswer, WorkerRequest } from './worker-protocol.js';

/**
 * The inference thread: holds the active model and at most one candidate, answers requests in
 * order, and exits by itself when it is told to stop, never in the middle of an inference.
 */
class InferenceWorker {
  readonly #port: MessagePort;
  #active: LoadedModel | null = null;
  #candidate: LoadedModel | null = null;

  constructor(port: MessagePort) {
    this.#port = port;
  }

  answer(request: WorkerRequest): void {
    if (request.kind === 'stop') {
      this.#stop();
      return;
    }
    try {
      this.#carryOut(request);
    } catch (thrown) {
      const frameData = request.kind === 'detect' ? request.frame.data : null;
      const { requestId } = request;
      this.#send({ kind: 'failed', requestId, error: errorMessage(thrown), frameData }, frameData);
    }
  }

  #carryOut(request: Exclude<WorkerRequest, { kind: 'stop' }>): void {
    const { requestId } = request;
    switch (request.kind) {
      case 'load': {
        this.#send({ kind: 'loaded', requestId, ...this.#load(request) });
        return;
      }
      case 'activate':
        this.#activate();
        this.#send({ kind: 'activated', requestId });
        return;
      case 'detect':
        this.#detect(requestId, request.frame, request.minScore);
        return;
      case 'benchmark': {
        const model = this.#requireActive();
        const inferenceMs = Float64Array.from({ length: request.runs }, () => model.invoke());
        this.#send({ kind: 'benchmarked', requestId, inferenceMs });
        return;
      }
      default:
        throw request satisfies never;
    }
  }

  #load({
    model,
    modelBytes,
    engine,
    trial,
  }: Extract<WorkerRequest, { kind: 'load' }>): LoadReport {
    this.#candidate?.[Symbol.dispose]();
    this.#candidate = null;
    const interpreter = openModel(model.name, modelBytes, engine);
    try {
      const candidate = new LoadedModel(model, interpreter);
      const trialMs = tryOut(candidate, trial);
      this.#candidate = candidate;
      return { trialMs, warnings: interpreter.warnings };
    } catch (thrown) {
      interpreter[Symbol.dispose]();
      throw thrown;
    }
  }

  #activate(): void {
    if (!this.#candidate) throw new Error('Cannot activate a model: no candidate is loaded');
    this.#active?.[Symbol.dispose]();
    this.#active = this.#candidate;
    this.#candidate = null;
    // Engines have copied the file's bytes.
    collectGarbageSoon();
  }

  #detect(requestId: number, frame: Frame, minScore: number): void {
    const model = this.#requireActive();
    const result = model.run(frame, minScore);
    const frameData = frame.data;
    this.#send({ kind: 'detected', requestId, model: model.ref, ...result, frameData }, frameData);
  }

  #requireActive(): LoadedModel {
    if (!this.#active) throw new Error('Cannot run inference: no model is loaded');
    return this.#active;
  }

  #send(answer: WorkerAnswer, give: Uint8Array<ArrayBuffer> | null = null): void {
    this.#port.postMessage(answer, give ? [give.buffer] : []);
  }

  #stop(): void {
    this.#active?.[Symbol.dispose]();
    this.#candidate?.[Symbol.dispose]();
    this.#active = null;
    this.#candidate = null;
    this.#port.close();
  }
}

function openModel(name: string, bytes: ArrayBuffer, engine: EngineChoice): Interpreter {
  try {
    return createInterpreter(bytes, engine);
  } catch (cause) {
    const message = `Cannot load model "${name}": the engine refuses it: ${oneLine(messageOf(cause))}`;
    throw new ModelError(message, { code: 'unsupported', cause });
  }
}

function tryOut(model: LoadedModel, trial: Frame | null): number {
  try {
    return model.try(trial);
  } catch (cause) {
    const message = `Cannot use model "${model.ref.name}": it failed on a frame: ${oneLine(messageOf(cause))}`;
    throw new ModelError(message, { code: 'failed-on-frame', cause });
  }
}

function errorMessage(thrown: unknown): ErrorMessage {
  const code = thrown instanceof ModelError ? thrown.code : null;
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : '';
  return { code, message: messageOf(thrown), stack };
}

function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, '; ');
}

if (parentPort) {
  const worker = new InferenceWorker(parentPort);
  parentPort.on('message', (request: WorkerRequest) => worker.answer(request));
}
