import {
  type Graph,
  type GraphOperator,
  type GraphTensor,
  hasBytes,
  operatorName,
} from './graph.js';
import { type LayerRule, mayBeHybrid, type OperatorRule, ruleFor } from './operator-rules.js';
import { readQuantisation } from './read-graph.js';
import { TYPE } from './tflite-schema.js';

/** What becomes of one operator. */
export type Decision =
  | { readonly rule: OperatorRule; readonly reason?: never }
  /** It stays as it is, for this reason. */
  | { readonly rule: null; readonly reason: string };

/** Decides for each operator of the graph, in order, whether it is rewritten. */
export function planRewrite(graph: Graph): Decision[] {
  return withoutIdleIslands(
    graph,
    graph.operators.map((operator) => decide(graph, operator)),
  );
}

/** Whether a tensor's values are uint8 with one scale and zero point, and nothing else is special. */
function isPlainUint8(tensor: GraphTensor): boolean {
  const { type, isPlain, quantisation } = tensor;
  const [scale = 0, ...more] = quantisation?.scales ?? [];
  const zeroPoint = quantisation?.zeroPoints[0] ?? -1;
  const isQuantised = scale > 0 && scale < Number.POSITIVE_INFINITY && more.length === 0;
  return type === TYPE.uint8 && isPlain && isQuantised && zeroPoint >= 0 && zeroPoint <= 255;
}

/** The channels of a layer's weights: their first or last dimension. */
export function channelsOf(
  weights: GraphTensor,
  { order }: LayerRule,
): { readonly dimension: number; readonly channels: number } {
  const dimension = order === 'outermost' ? 0 : weights.shape.length - 1;
  return { dimension, channels: weights.shape[dimension] ?? 0 };
}

function decide(graph: Graph, operator: GraphOperator): Decision {
  const name = operatorName(graph, operator);
  const uint8 = tensorsOf(graph, operator).filter(({ type }) => type === TYPE.uint8);
  if (mayBeHybrid(name) && isHybrid(graph, operator)) return { rule: { kind: 'hybrid' } };
  if (uint8.length === 0) return kept('nothing in it is uint8');
  const rule = ruleFor(name);
  if (!rule) return kept('it has no int8 form that is known here');
  if (!uint8.every(isPlainUint8)) return kept('a tensor has no plain uint8 quantisation');
  const reason = rule.kind === 'layer' ? layerObstacle(graph, operator, rule) : null;
  if (reason !== null) return kept(reason);
  if (rule.kind === 'plain' && rule.output && !hasOutput(graph, operator, rule.output)) {
    return kept('its output has another scale than the int8 kernel gives');
  }
  return { rule };
}

/** Whether a layer between float32 tensors has constant int8 weights of known scales. */
function isHybrid(graph: Graph, { inputs, outputs }: GraphOperator): boolean {
  const { tensors } = graph;
  const [input, weights] = inputs.map((index) => tensors[index]);
  const output = tensors[outputs[0] ?? -1];
  if (input?.type !== TYPE.float32 || output?.type !== TYPE.float32) return false;
  if (weights?.type !== TYPE.int8 || !weights.isPlain) return false;
  if (!hasBytes(graph, weights)) return false;
  const { scales = [], zeroPoints = [], dimension = 0 } = readQuantisation(weights.source) ?? {};
  const isFitting = scales.length === 1 || scales.length === weights.shape[dimension];
  return isFitting && scales.every(Number.isFinite) && zeroPoints.every((zero) => zero === 0);
}

function kept(reason: string): Decision {
  return { rule: null, reason };
}

function layerObstacle(
  graph: Graph,
  { inputs, outputs }: GraphOperator,
  rule: LayerRule,
): string | null {
  const { tensors, buffers } = graph;
  const [input, weights, bias] = inputs.map((index) => tensors[index]);
  const output = tensors[outputs[0] ?? -1];
  if (input?.type !== TYPE.uint8 || output?.type !== TYPE.uint8 || weights?.type !== TYPE.uint8) {
    return 'not all of input, weights and output are uint8';
  }
  const { channels } = channelsOf(weights, rule);
  if (!hasBytes(graph, weights) || channels < 1) return 'its weights are not constant';
  if (!bias) return null;
  const biasBytes = buffers[bias.buffer]?.data.length ?? 0;
  const fits = bias.type === TYPE.int32 && bias.isPlain && biasBytes === channels * 4;
  return fits ? null : 'its bias is not constant int32';
}

function hasOutput(
  { tensors }: Graph,
  { outputs }: GraphOperator,
  wanted: { readonly scale: number; readonly zeroPoint: number },
): boolean {
  return outputs.every((index) => {
    const { scales = [], zeroPoints = [] } = tensors[index]?.quantisation ?? {};
    return scales[0] === wanted.scale && zeroPoints[0] === wanted.zeroPoint + 128;
  });
}

function tensorsOf({ tensors }: Graph, { inputs, outputs }: GraphOperator): GraphTensor[] {
  return [...inputs, ...outputs].flatMap((index) => tensors[index] ?? []);
}

/**
 * Takes operators back that are connected to no layer: with nothing to multiply they gain nothing,
 * and each way in and out of them would cost a conversion. A hybrid layer needs none. A QUANTIZE
 * that only shifts is itself such a way, and becomes two operators that XNNPACK takes.
 */
function withoutIdleIslands(graph: Graph, decisions: readonly Decision[]): Decision[] {
  const island = islandsOf(graph, decisions);
  const busy = new Set(
    decisions.flatMap(({ rule }, i) =>
      rule?.kind === 'layer' || rule?.kind === 'hybrid' ? [island(i)] : [],
    ),
  );
  return decisions.map((decision, i) => {
    if (!decision.rule || busy.has(island(i))) return decision;
    const operator = graph.operators[i];
    return operator && isShift(graph, operator)
      ? { rule: { kind: 'shift' } }
      : kept('no layer with weights is near');
  });
}

/** Whether a QUANTIZE only moves the zero point by 128, from uint8 to int8 or back. */
function isShift(graph: Graph, operator: GraphOperator): boolean {
  const { inputs, outputs } = operator;
  const both = [inputs[0], outputs[0]].flatMap((index) => graph.tensors[index ?? -1] ?? []);
  const uint8 = both.find(({ type }) => type === TYPE.uint8);
  const int8 = both.find(({ type }) => type === TYPE.int8);
  if (operatorName(graph, operator) !== 'QUANTIZE' || !uint8 || !int8?.isPlain) return false;
  const { scales = [], zeroPoints = [] } = readQuantisation(int8.source) ?? {};
  const [scale, zeroPoint = 0] = [uint8.quantisation?.scales[0], uint8.quantisation?.zeroPoints[0]];
  return scales.length === 1 && scales[0] === scale && zeroPoints[0] === zeroPoint - 128;
}

/** Names the island of each rewritten operator: those joined by uint8 tensors, by union and find. */
function islandsOf(graph: Graph, decisions: readonly Decision[]): (operator: number) => number {
  const parents = decisions.map((_, i) => i);
  const find = (start: number): number => {
    let at = start;
    for (let up = parents[at] ?? at; up !== at; up = parents[at] ?? at) {
      // Halving the path keeps later walks short, whatever the order of the file.
      parents[at] = parents[up] ?? up;
      at = up;
    }
    return at;
  };
  const firstAt = new Map<number, number>();
  decisions.forEach(({ rule }, i) => {
    const operator = graph.operators[i];
    if (!rule || !operator) return;
    for (const tensor of [...operator.inputs, ...operator.outputs]) {
      if (graph.tensors[tensor]?.type !== TYPE.uint8) continue;
      const other = firstAt.get(tensor);
      if (other === undefined) firstAt.set(tensor, i);
      else parents[find(i)] = find(other);
    }
  });
  return find;
}
