import { type Graph, type GraphOperator, type GraphTensor, operatorName } from './graph.js';
import { GraphEdit } from './graph-edit.js';
import { readGraph, readQuantisation } from './read-graph.js';
import {
  CONCATENATION_OPTIONS,
  CONCATENATION_TABLE,
  OPERATOR,
  PACK_OPTIONS,
  TYPE,
} from './tflite-schema.js';
import { writeGraph } from './write-graph.js';

const CONCATENATION = { builtin: 2, name: 'CONCATENATION', version: 2 };
/** XNNPACK concatenates so many. */
const MAX_INPUTS = 5;

/**
 * Lets CONCATENATION do what PACK does: the values of n tensors one after the other, which is all
 * that a RESHAPE behind it needs to know. Feature pyramids enlarge their levels by two of these.
 * XNNPACK takes no PACK, so that each parts what it computes at a stretch, and a plain kernel on one
 * thread is left with it.
 * @returns null where there is none.
 * @throws RangeError in one line when the file contradicts itself.
 */
export function concatenatePacks(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | null {
  const graph = readGraph(bytes);
  const axes = packsThatJoin(graph);
  if (axes.size === 0) return null;
  const edit = new GraphEdit(graph);
  for (const operator of graph.operators) {
    const axis = axes.get(operator);
    if (axis === undefined) edit.addOperator(operator);
    else addConcatenation(edit, operator, axis);
  }
  return writeGraph(bytes, graph, edit.finish());
}

function addConcatenation(edit: GraphEdit, { inputs, outputs }: GraphOperator, axis: number): void {
  const [output = -1] = outputs;
  const tensor = edit.tensor(output);
  // Of the inputs as they are by now: they may come from such a concatenation.
  const { shape } = edit.tensor(inputs[0] ?? -1);
  const joined = shape.map((size, i) => (i === axis ? size * inputs.length : size));
  const quantisation = readQuantisation(tensor.source);
  edit.replaceTensor(output, { ...tensor, shape: joined, quantisation });
  const fields = { [CONCATENATION_OPTIONS.axis]: axis };
  edit.addOperator({
    ...{ source: null, code: edit.codeOf(CONCATENATION), inputs, outputs },
    options: { table: CONCATENATION_TABLE, fields },
  });
}

/** The PACK operators that can become a CONCATENATION, with its axis. */
function packsThatJoin(graph: Graph): Map<GraphOperator, number> {
  const found = new Map<GraphOperator, number>();
  const users = usersOf(graph);
  // From the end, as a PACK may hand its result to another one that must be known to join.
  for (const operator of graph.operators.toReversed()) {
    const axis = axisOf(graph, operator);
    if (axis === null || !isJoinable(graph, operator)) continue;
    const [output = -1] = operator.outputs;
    const isOrderEnough = users.get(output)?.every((user) => {
      // The values stay in order; only this axis and the one behind it are one, which another
      // input of the same PACK would not have.
      const next = found.get(user) ?? Number.POSITIVE_INFINITY;
      const isAlone = user.inputs.every((input) => input === output);
      return (next <= axis && isAlone) || operatorName(graph, user) === 'RESHAPE';
    });
    if (isOrderEnough && !graph.outputs.includes(output)) found.set(operator, axis);
  }
  return found;
}

/** The operators that read each tensor. */
function usersOf({ operators }: Graph): Map<number, GraphOperator[]> {
  const users = new Map<number, GraphOperator[]>();
  for (const operator of operators) {
    for (const input of operator.inputs) {
      const known = users.get(input);
      if (known) known.push(operator);
      else users.set(input, [operator]);
    }
  }
  return users;
}

/** The axis that a PACK makes; null for other operators, and where it would be the last one. */
function axisOf(graph: Graph, operator: GraphOperator): number | null {
  const options = operator.source?.table(OPERATOR.options);
  if (operatorName(graph, operator) !== 'PACK' || !options) return null;
  const rank = graph.tensors[operator.outputs[0] ?? -1]?.shape.length ?? 0;
  const given = options.int32(PACK_OPTIONS.axis);
  const axis = given < 0 ? given + rank : given;
  return axis >= 0 && axis < rank - 1 ? axis : null;
}

/** Whether inputs and output are computed, alike and of types that XNNPACK takes. */
function isJoinable({ tensors, buffers }: Graph, { inputs, outputs }: GraphOperator): boolean {
  const all = [...outputs, ...inputs].flatMap((index) => tensors[index] ?? []);
  const [output] = all;
  const isComputed = all.every(({ buffer }) => (buffers[buffer]?.data.length ?? 0) === 0);
  const isTaken = output?.type === TYPE.int8 || output?.type === TYPE.float32;
  const isAlike = new Set(all.map(storage)).size === 1;
  return isTaken && isAlike && isComputed && inputs.length > 1 && inputs.length <= MAX_INPUTS;
}

function storage({ type, source }: GraphTensor): string {
  return JSON.stringify([type, type === TYPE.int8 ? readQuantisation(source) : null]);
}
