import type { DetectorModel, Fit, ModelInput, OutputLayout } from '../domain/detector-model.js';
import { ModelError } from '../errors.js';
import { embeddedFiles } from './embedded-files.js';
import { flexbufferNumber } from './flexbuffer.js';
import { parseLabels } from './labels.js';
import {
  type ModelFile,
  type OperatorInfo,
  parseModelFile,
  type TensorInfo,
} from './model-file.js';
import { type ModelMetadata, parseModelMetadata } from './model-metadata.js';
import type { ModelBytes } from './read-model.js';

/** What the user says about a model beside its file. */
export interface ModelChoices {
  /** Text of a label file; null takes the labels inside the model. */
  readonly labelText: string | null;
  /** `auto` takes what suits the output layout. */
  readonly fit: Fit | 'auto';
}

const POSTPROCESS = 'TFLite_Detection_PostProcess';
/** Custom operators that the TensorFlow Lite library itself registers. */
const KNOWN_CUSTOM_OPERATORS = new Set([POSTPROCESS, 'NumericVerify', 'Mfcc', 'AudioSpectrogram']);
/** Detectors take 96 to 1280; what claims more would cost gigabytes to find out. */
const MAX_INPUT_PX = 4096;
const NO_METADATA: ModelMetadata = { normalisation: null, labelFile: null };

/**
 * Reads the structure of a model file.
 * @throws ModelError `unreadable` when the file contradicts itself.
 */
export function describeFile(model: ModelBytes): ModelFile {
  try {
    return parseModelFile(model.bytes);
  } catch (cause) {
    throw refusal(model, 'unreadable', 'the file is damaged or cut short', { cause });
  }
}

/**
 * Tells how a model is to be used as a detector, from its file alone: nothing is run.
 * @throws ModelError `unsupported` when an operator or a tensor is of a kind that the engine does
 * not have, `not-a-detector` when the outputs are not those of a detector.
 */
export function describeDetector(
  model: ModelBytes,
  file: ModelFile,
  choices: ModelChoices,
): DetectorModel {
  const foreign = file.operators.find(
    ({ custom, name }) => custom && !KNOWN_CUSTOM_OPERATORS.has(name),
  );
  if (foreign) throw refusal(model, 'unsupported', foreignOperator(foreign.name.slice(0, 100)));
  const postprocess = file.operators.find(({ name }) => name === POSTPROCESS);
  if (!postprocess) throw refusal(model, 'not-a-detector', noDetectorOutputs(file));
  const metadata = metadataOf(file);
  return {
    id: model.id,
    name: model.name,
    sha256: model.sha256,
    input: inputOf(model, file, metadata),
    outputLayout: postProcessLayout(model, file, postprocess),
    labels: labelsOf(model, metadata, choices.labelText, classCountOf(postprocess)),
    // These detectors are trained on stretched pictures; letterboxing costs them boxes.
    fit: choices.fit === 'auto' ? 'stretch' : choices.fit,
  };
}

/** Number of classes without background that the model says it has; null where it does not say. */
function classCountOf(postprocess: OperatorInfo): number | null {
  return flexbufferNumber(postprocess.customOptions, 'num_classes');
}

function foreignOperator(name: string): string {
  if (name === 'edgetpu-custom-op') {
    return 'it is compiled for the Coral Edge TPU (operator "edgetpu-custom-op"), expected the same model as it was before the Edge TPU compiler';
  }
  if (name === 'ethos-u') {
    return 'it is compiled for the Arm Ethos-U (operator "ethos-u"), expected the same model as it was before the Vela compiler';
  }
  if (name.startsWith('Flex')) {
    return `it needs full TensorFlow (operator "${name}"), expected a model converted with TensorFlow Lite's own operators only`;
  }
  return `it needs the custom operator "${name}", which the TensorFlow Lite runtime does not have`;
}

function noDetectorOutputs(file: ModelFile): string {
  const outputs = file.outputs.map((output) => `${output.dtype} ${shapeText(output)}`);
  if (outputs.length > 4) outputs.splice(4, outputs.length, `${file.outputs.length - 4} more`);
  return `it is not a detector that Lookout understands: its output is ${outputs.join(' and ') || 'nothing'}, expected the outputs of the operator ${POSTPROCESS}`;
}

function shapeText({ shape }: TensorInfo): string {
  return `[${shape.slice(0, 6).join(', ')}${shape.length > 6 ? ', …' : ''}]`;
}

function metadataOf(file: ModelFile): ModelMetadata {
  if (!file.metadata) return NO_METADATA;
  try {
    return parseModelMetadata(file.metadata);
  } catch {
    // Metadata only adds to what the graph says: a broken one must not cost the model.
    return NO_METADATA;
  }
}

function inputOf(model: ModelBytes, file: ModelFile, metadata: ModelMetadata): ModelInput {
  const [tensor, ...more] = file.inputs;
  if (!tensor || more.length > 0) {
    throw refusal(
      model,
      'unsupported',
      `it has ${file.inputs.length} inputs, expected one picture`,
    );
  }
  const [batch, heightPx = 0, widthPx = 0, channels] = tensor.shape;
  const isPicture = tensor.shape.length === 4 && batch === 1 && channels === 3;
  const isSized = Math.min(heightPx, widthPx) >= 1 && Math.max(heightPx, widthPx) <= MAX_INPUT_PX;
  if (!isPicture || !isSized) {
    throw refusal(
      model,
      'unsupported',
      `its input has the shape ${shapeText(tensor)}, expected [1, height, width, 3] of at most ${MAX_INPUT_PX} pixels each`,
    );
  }
  return { widthPx, heightPx, ...valuesOf(model, tensor), normalisation: metadata.normalisation };
}

function valuesOf(
  model: ModelBytes,
  { dtype, scale, zeroPoint }: TensorInfo,
): Pick<ModelInput, 'dtype' | 'scale' | 'zeroPoint'> {
  if (dtype === 'float32') return { dtype, scale: 1, zeroPoint: 0 };
  if (dtype !== 'uint8' && dtype !== 'int8') {
    throw refusal(model, 'unsupported', `input dtype is ${dtype}, expected uint8, int8 or float32`);
  }
  if (scale === null || zeroPoint === null || !(scale > 0)) {
    throw refusal(model, 'unsupported', `its ${dtype} input has no scale and zero point`);
  }
  return { dtype, scale, zeroPoint };
}

/**
 * Which graph output is which: the operator always gives boxes, classes, scores and count in this
 * order, the graph may list them in any other.
 */
function postProcessLayout(
  model: ModelBytes,
  file: ModelFile,
  postprocess: OperatorInfo,
): OutputLayout {
  const indices = postprocess.outputs.map((tensor) => file.outputTensors.indexOf(tensor));
  const [boxesIndex = -1, classesIndex = -1, scoresIndex = -1, countIndex = -1] = indices;
  if (Math.min(boxesIndex, classesIndex, scoresIndex, countIndex) < 0) {
    throw refusal(
      model,
      'not-a-detector',
      `its graph does not give out all four results of the operator ${POSTPROCESS}`,
    );
  }
  return { kind: 'postprocess', boxesIndex, classesIndex, scoresIndex, countIndex };
}

function labelsOf(
  model: ModelBytes,
  metadata: ModelMetadata,
  labelText: string | null,
  classCount: number | null,
): readonly (string | null)[] {
  if (labelText !== null) {
    const labels = parseLabels(labelText, classCount);
    if (labels.length === 0) throw refusal(model, 'unreadable', 'its label file names no class');
    return labels;
  }
  const embedded = embeddedFiles(model.bytes);
  const only = embedded.size === 1 ? [...embedded.values()][0] : undefined;
  const text = embedded.get(metadata.labelFile ?? '') ?? only;
  return text === undefined ? [] : parseLabels(text, classCount);
}

function refusal(
  model: ModelBytes,
  code: ModelError['code'],
  reason: string,
  options?: ErrorOptions,
): ModelError {
  return new ModelError(`Cannot use model "${model.file}": ${reason}`, { ...options, code });
}
