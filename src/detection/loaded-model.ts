import type { Detection, StageTimings } from '../domain/detection.js';
import { type DetectorModel, labelOf, type ModelRef } from '../domain/detector-model.js';
import { type Frame, packedLayout } from '../domain/frame.js';
import { ModelError, messageOf } from '../errors.js';
import type { Interpreter, TensorView } from './interpreter.js';
import { boxInPicture } from './placement.js';
import { checkPostProcess, readPostProcess } from './postprocess-layout.js';
import { Preprocessor } from './preprocess.js';

/** What one frame gave, before the time it waited is known. */
export interface FrameResult {
  readonly timings: Omit<StageTimings, 'queueMs'>;
  readonly detections: readonly Detection[];
}

/** A detector model in an engine, ready to run frames of any layout. */
export class LoadedModel implements Disposable {
  readonly ref: ModelRef;
  readonly #model: DetectorModel;
  readonly #interpreter: Interpreter;
  readonly #input: TensorView;
  #preprocessor: Preprocessor | null = null;

  /**
   * Takes ownership of the interpreter.
   * @throws ModelError when the engine's tensors are not what the file promised.
   */
  constructor(model: DetectorModel, interpreter: Interpreter) {
    this.ref = { id: model.id, name: model.name, sha256: model.sha256 };
    this.#model = model;
    this.#interpreter = interpreter;
    this.#input = checkTensors(model, interpreter);
  }

  /** Runs the model on a frame, whose pixels are only read. Boxes come in fractions of the frame. */
  run(frame: Frame, minScore: number): FrameResult {
    const begin = performance.now();
    const preprocessor = this.#preprocessorFor(frame);
    preprocessor.run(frame, this.#input.data);
    const prepared = performance.now();
    this.#interpreter.invoke();
    const inferred = performance.now();
    const detections = this.#read(preprocessor, minScore);
    return {
      timings: {
        preprocessMs: prepared - begin,
        inferenceMs: inferred - prepared,
        postprocessMs: performance.now() - inferred,
      },
      detections,
    };
  }

  /** Proves that the model runs, on a grey picture where there is no frame yet. Returns ms. */
  try(frame: Frame | null): number {
    const { preprocessMs, inferenceMs, postprocessMs } = this.run(frame ?? greyFrame(), 0).timings;
    return preprocessMs + inferenceMs + postprocessMs;
  }

  /** Runs the bare inference on whatever the input holds and returns its duration in ms. */
  invoke(): number {
    const begin = performance.now();
    this.#interpreter.invoke();
    return performance.now() - begin;
  }

  [Symbol.dispose](): void {
    this.#interpreter[Symbol.dispose]();
  }

  #preprocessorFor(frame: Frame): Preprocessor {
    if (!this.#preprocessor?.accepts(frame)) {
      this.#preprocessor = new Preprocessor(frame, this.#model.input, this.#model.fit);
    }
    return this.#preprocessor;
  }

  #read(preprocessor: Preprocessor, minScore: number): Detection[] {
    const { outputLayout, labels, input } = this.#model;
    const raw = readPostProcess(this.#interpreter.outputs, outputLayout, minScore);
    return raw.flatMap(({ classId, score, box: inInput }) => {
      const box = boxInPicture(inInput, preprocessor.placement, input);
      return box ? { label: labelOf(labels, classId), classId, score, box } : [];
    });
  }
}

function checkTensors(model: DetectorModel, interpreter: Interpreter): TensorView {
  const input = interpreter.inputs[0];
  const { widthPx, heightPx } = model.input;
  const expected = widthPx * heightPx * 3;
  try {
    if (input?.data.length !== expected) {
      throw new Error(`its input has ${input?.data.length ?? 0} values, expected ${expected}`);
    }
    checkPostProcess(interpreter.outputs, model.outputLayout);
    return input;
  } catch (cause) {
    const message = `Cannot use model "${model.name}": ${messageOf(cause)}`;
    throw new ModelError(message, { code: 'unsupported', cause });
  }
}

function greyFrame(): Frame {
  const layout = packedLayout('rgb24', 320, 240);
  const data = new Uint8Array(layout.strideBytes * layout.heightPx).fill(128);
  return {
    ...layout,
    sequence: 0,
    capturedAtMs: 0,
    monotonicMs: 0,
    timestampSource: 'read',
    data,
  };
}
