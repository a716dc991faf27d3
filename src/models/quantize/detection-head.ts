import { flexbufferNumber } from '../flexbuffer.js';
import { CUSTOM_OPERATOR_CODE } from '../operator-names.js';
import { type Graph, type GraphOperator, operatorName } from './graph.js';
import { GraphEdit } from './graph-edit.js';
import { type HeadOptions, headOptions } from './head-options.js';
import { type Int8Source, int8SourceOf } from './int8-source.js';
import { readGraph } from './read-graph.js';
import { OPERATOR, TYPE } from './tflite-schema.js';
import { withoutIdle } from './without-idle.js';
import { writeGraph } from './write-graph.js';

const POSTPROCESS = 'TFLite_Detection_PostProcess';
/** As `native/detection-head.h` registers it. */
const HEAD = { builtin: CUSTOM_OPERATOR_CODE, name: 'LookoutDetectionHead', version: 1 };
/** More would be a class of less score at the same place. */
const CLASSES_PER_DETECTION = 1;
/** As many as `native/detection-head.c` gives. */
const MAX_DETECTIONS = 1000;

/**
 * Lets Lookout's own operator take the place of TFLite_Detection_PostProcess where that one's
 * inputs are int8 results made float32: it reads those, and what lies between (DEQUANTIZE and
 * LOGISTIC, over all scores of all classes) becomes a table of 256 scores. The results are the
 * same. No other program can run the file.
 * @returns null where the graph has no such head, or one that suppresses overlaps in another way.
 * @throws RangeError in one line when the file contradicts itself.
 */
export function foldDetectionHead(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | null {
  const graph = readGraph(bytes);
  const heads = graph.operators.filter((operator) => operatorName(graph, operator) === POSTPROCESS);
  const [head] = heads;
  if (!head || heads.length > 1) return null;
  const inputs = inputsOf(graph, head);
  const options = inputs && optionsOf(head, inputs);
  if (!options) return null;
  const { boxes, scores } = inputs;
  const edit = new GraphEdit(graph);
  const folded: GraphOperator = {
    source: null,
    code: edit.codeOf(HEAD),
    inputs: [boxes.tensor, scores.tensor],
    outputs: head.outputs,
    customOptions: headOptions(options),
  };
  const operators = graph.operators.map((operator) => (operator === head ? folded : operator));
  const passed = [...boxes.steps, ...scores.steps].map(({ operator }) => operator);
  for (const operator of withoutIdle(operators, graph.outputs, passed)) edit.addOperator(operator);
  return writeGraph(bytes, graph, edit.finish());
}

interface HeadInputs {
  readonly boxes: Int8Source;
  readonly scores: Int8Source;
  readonly anchors: Float32Array;
}

function inputsOf(graph: Graph, { inputs }: GraphOperator): HeadInputs | null {
  const [boxesIndex = -1, scoresIndex = -1, anchorsIndex = -1] = inputs;
  const boxes = int8SourceOf(graph, boxesIndex, ['DEQUANTIZE']);
  const scores = int8SourceOf(graph, scoresIndex, ['DEQUANTIZE', 'LOGISTIC']);
  const anchors = floatsOf(graph, anchorsIndex);
  const [, count = 0] = boxes?.shape ?? [];
  const isFitting = scores?.shape[1] === count && anchors?.length === count * 4 && count > 0;
  return boxes && scores && anchors && isFitting ? { boxes, scores, anchors } : null;
}

/** A constant's values; null where it is none of float32. */
function floatsOf({ tensors, buffers }: Graph, index: number): Float32Array | null {
  const tensor = tensors[index];
  const data = buffers[tensor?.buffer ?? -1]?.data;
  if (tensor?.type !== TYPE.float32 || !tensor.isPlain || !data?.length) return null;
  // A copy, as the file need not have it where float32 may begin.
  return new Float32Array(data.slice().buffer, 0, Math.floor(data.length / 4));
}

function optionsOf(
  head: GraphOperator,
  { boxes, scores, anchors }: HeadInputs,
): HeadOptions | null {
  const bytes = head.source?.bytes(OPERATOR.customOptions) ?? new Uint8Array(0);
  // What is left out counts as 0, as it does for the operator itself.
  const number = (key: string): number => flexbufferNumber(bytes, key) ?? 0;
  const perDetection = number('max_classes_per_detection');
  if (number('use_regular_nms') !== 0 || perDetection !== CLASSES_PER_DETECTION) return null;
  const [, , scoresPerAnchor = 0] = scores.shape;
  const options: HeadOptions = {
    scoresPerAnchor,
    // The background stands in front of the classes.
    firstClass: scoresPerAnchor - number('num_classes'),
    maxDetections: number('max_detections'),
    boxScale: boxes.scale,
    boxZeroPoint: boxes.zeroPoint,
    scales: {
      y: number('y_scale'),
      x: number('x_scale'),
      h: number('h_scale'),
      w: number('w_scale'),
    },
    maxOverlap: number('nms_iou_threshold'),
    minScore: number('nms_score_threshold'),
    scores: scoreTable(scores),
    anchors,
  };
  return isUsable(options) ? options : null;
}

function isUsable({
  firstClass,
  maxDetections,
  scales,
  maxOverlap,
  minScore,
}: HeadOptions): boolean {
  const { y, x, h, w } = scales;
  return (
    (firstClass === 0 || firstClass === 1) &&
    Number.isInteger(maxDetections) &&
    maxDetections >= 1 &&
    maxDetections <= MAX_DETECTIONS &&
    Math.min(y, x, h, w) > 0 &&
    maxOverlap > 0 &&
    maxOverlap <= 1 &&
    Number.isFinite(minScore)
  );
}

/** The score that the operators on the way make of each code of a byte. */
function scoreTable({ scale, zeroPoint, steps }: Int8Source): Float32Array {
  return Float32Array.from({ length: 256 }, (_, i) =>
    steps.reduce((value, { apply }) => apply(value), scale * (i - 128 - zeroPoint)),
  );
}
