import { type Graph, type GraphOperator, operatorName } from './graph.js';
import { readQuantisation } from './read-graph.js';
import { TYPE } from './tflite-schema.js';

/** An operator on the way from an int8 tensor, and what it makes of a value. */
export interface Step {
  readonly operator: GraphOperator;
  readonly apply: (value: number) => number;
}

/** The int8 tensor from which a float32 one is made value by value. */
export interface Int8Source {
  readonly tensor: number;
  readonly shape: readonly number[];
  /** real = scale · (stored − zeroPoint). */
  readonly scale: number;
  readonly zeroPoint: number;
  /** From the int8 tensor on. */
  readonly steps: readonly Step[];
}

/** Detectors have two between their last layer and the result. */
const MAX_STEPS = 4;
type Passed = 'DEQUANTIZE' | 'LOGISTIC';

/**
 * Finds the int8 tensor that a float32 one is made from by operators of these kinds only; null where
 * there is none of one scale.
 */
export function int8SourceOf(
  graph: Graph,
  index: number,
  passed: readonly Passed[],
): Int8Source | null {
  const steps: Step[] = [];
  let at = index;
  while (steps.length < MAX_STEPS) {
    const operator = graph.operators.find(({ outputs }) => outputs[0] === at);
    const kind = operator && passed.find((name) => name === operatorName(graph, operator));
    if (!operator || !kind) break;
    const stored = storedAs(graph, at);
    steps.unshift({ operator, apply: (value) => stored(FUNCTIONS[kind](value)) });
    at = operator.inputs[0] ?? -1;
  }
  const quantisation = int8Quantisation(graph, at);
  return quantisation && { tensor: at, ...quantisation, steps };
}

const FUNCTIONS: Readonly<Record<Passed, (value: number) => number>> = {
  DEQUANTIZE: (value) => value,
  LOGISTIC: (value) => 1 / (1 + Math.exp(-value)),
};

/** What is left of a value in the tensor: all of it in float32, the nearest step in int8. */
function storedAs(graph: Graph, index: number): (value: number) => number {
  const int8 = int8Quantisation(graph, index);
  if (!int8) return (value) => value;
  const { scale, zeroPoint } = int8;
  return (value) => {
    const stored = Math.round(value / scale) + zeroPoint;
    return scale * (Math.min(Math.max(stored, -128), 127) - zeroPoint);
  };
}

function int8Quantisation(
  { tensors }: Graph,
  index: number,
): Pick<Int8Source, 'shape' | 'scale' | 'zeroPoint'> | null {
  const tensor = tensors[index];
  if (tensor?.type !== TYPE.int8 || !tensor.isPlain) return null;
  const { scales = [], zeroPoints = [] } = readQuantisation(tensor.source) ?? {};
  const [scale = 0, ...more] = scales;
  const [zeroPoint = 0] = zeroPoints;
  const isPlain = more.length === 0 && scale > 0 && Number.isFinite(scale);
  return isPlain ? { shape: tensor.shape, scale, zeroPoint } : null;
}
