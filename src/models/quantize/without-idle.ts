import type { GraphOperator } from './graph.js';

/**
 * Leaves operators out whose results nobody takes any more.
 * @param outputs of the graph.
 * @param candidates those that may be left out, in the order in which they run.
 */
export function withoutIdle(
  operators: readonly GraphOperator[],
  outputs: readonly number[],
  candidates: readonly GraphOperator[],
): GraphOperator[] {
  const uses = new Map<number, number>();
  const count = (tensors: readonly number[], by: number): void => {
    for (const tensor of tensors) uses.set(tensor, (uses.get(tensor) ?? 0) + by);
  };
  count(outputs, 1);
  for (const { inputs } of operators) count(inputs, 1);
  const idle = new Set<GraphOperator>();
  // The last ones first: each lets go of the one before it.
  for (const candidate of new Set(candidates.toReversed())) {
    if (candidate.outputs.some((output) => (uses.get(output) ?? 0) > 0)) continue;
    count(candidate.inputs, -1);
    idle.add(candidate);
  }
  return operators.filter((operator) => !idle.has(operator));
}
