import { type GraphOperator, operatorName } from './graph.js';
import { GraphEdit } from './graph-edit.js';
import { readGraph } from './read-graph.js';
import { withoutIdle } from './without-idle.js';
import { writeGraph } from './write-graph.js';

/**
 * Lets a RESHAPE of what a RESHAPE gives take what that one takes: each copies its values, and of
 * their shapes only the last one counts.
 * @returns null where there is none.
 * @throws RangeError in one line when the file contradicts itself.
 */
export function skipReshapes(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | null {
  const graph = readGraph(bytes);
  const reshapes = new Map<number, GraphOperator>();
  const skipped = new Set<GraphOperator>();
  const operators = graph.operators.map((operator) => {
    if (operatorName(graph, operator) !== 'RESHAPE') return operator;
    const [input = -1, ...more] = operator.inputs;
    const before = reshapes.get(input);
    const direct = before ? { ...operator, inputs: [before.inputs[0] ?? -1, ...more] } : operator;
    if (before) skipped.add(before);
    for (const output of operator.outputs) reshapes.set(output, direct);
    return direct;
  });
  if (skipped.size === 0) return null;
  const edit = new GraphEdit(graph);
  for (const operator of withoutIdle(operators, graph.outputs, [...skipped])) {
    edit.addOperator(operator);
  }
  return writeGraph(bytes, graph, edit.finish());
}
