import type { Graph, GraphOperator } from './graph.js';
import type { LayerRule, OperatorRule } from './operator-rules.js';
import type { Decision } from './plan.js';

/** Something reads or writes the tensor as it is: an operator that stays, or the graph's caller. */
const AS_IT_IS = 'as it is';
/** An operator that becomes int8 reads or writes it as int8. */
const AS_INT8 = 'as int8';
/** An operator that computes in float32 reads it, in whatever form it is there. */
const AS_FLOAT = 'as float';
/** A hybrid layer reads it: int8 weights that become float32. */
const AS_FLOAT_WEIGHTS = 'as float weights';

/**
 * In which forms the tensors of a graph are needed: a constant that is needed in one form only can
 * be changed where it stands, another one needs a copy for each form.
 */
export class TensorRoles {
  readonly #roles = new Map<number, Set<string>>();
  readonly #tensorsOfBuffer = new Map<number, number>();
  readonly #graph: Graph;

  constructor(graph: Graph, decisions: readonly Decision[]) {
    this.#graph = graph;
    for (const { buffer } of graph.tensors) {
      this.#tensorsOfBuffer.set(buffer, (this.#tensorsOfBuffer.get(buffer) ?? 0) + 1);
    }
    this.#add([...graph.inputs, ...graph.outputs], AS_IT_IS);
    graph.operators.forEach((operator, i) => {
      const uses = usesOf(graph, operator, decisions[i]?.rule ?? null);
      for (const { tensors, role } of uses) this.#add(tensors, role);
    });
  }

  isNeededAsItIs(tensor: number): boolean {
    return this.#roles.get(tensor)?.has(AS_IT_IS) ?? false;
  }

  isNeededAsInt8(tensor: number): boolean {
    return this.#roles.get(tensor)?.has(AS_INT8) ?? false;
  }

  /** Whether all who use the tensor want the same form, and nobody else has its buffer. */
  isChangeable(tensor: number): boolean {
    const { tensors, others } = this.#graph;
    const users = this.#tensorsOfBuffer.get(tensors[tensor]?.buffer ?? -1);
    return this.#roles.get(tensor)?.size === 1 && users === 1 && others.length === 0;
  }

  #add(tensors: readonly number[], role: string): void {
    for (const tensor of tensors) {
      const roles = this.#roles.get(tensor) ?? new Set();
      this.#roles.set(tensor, roles.add(role));
    }
  }
}

function usesOf(
  graph: Graph,
  operator: GraphOperator,
  rule: OperatorRule | null,
): { readonly tensors: readonly number[]; readonly role: string }[] {
  const { inputs, outputs } = operator;
  switch (rule?.kind) {
    case undefined:
    case 'shift':
      return [{ tensors: [...inputs, ...outputs], role: AS_IT_IS }];
    case 'plain':
      return [{ tensors: [...inputs, ...outputs], role: AS_INT8 }];
    case 'float':
      return [
        { tensors: inputs, role: AS_FLOAT },
        { tensors: outputs, role: AS_IT_IS },
      ];
    case 'hybrid':
      return [
        { tensors: [...inputs.slice(0, 1), ...inputs.slice(2), ...outputs], role: AS_IT_IS },
        { tensors: inputs.slice(1, 2), role: AS_FLOAT_WEIGHTS },
      ];
    case 'layer':
      return [
        { tensors: [...inputs.slice(0, 1), ...outputs], role: AS_INT8 },
        { tensors: inputs.slice(1, 2), role: weightsRole(rule) },
        { tensors: inputs.slice(2, 3), role: biasRole(graph, operator, rule) },
      ];
    default:
      throw rule satisfies never;
  }
}

/** The form in which a layer needs its weights. */
export function weightsRole({ order }: LayerRule): string {
  return `weights ${order}`;
}

/** The form in which a layer needs its bias: the scales of weights and input decide it. */
export function biasRole(graph: Graph, { inputs }: GraphOperator, rule: LayerRule): string {
  const [input = -1, weights = -1] = inputs;
  const scale = graph.tensors[input]?.quantisation?.scales[0] ?? 0;
  return `bias of ${weightsRole(rule)} ${weights} on ${scale}`;
}
