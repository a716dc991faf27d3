import { type Graph, type GraphOperator, operatorName } from './graph.js';
import { GraphEdit } from './graph-edit.js';
import { LayerWeights } from './layer-weights.js';
import type { OperatorRule } from './operator-rules.js';
import { planRewrite } from './plan.js';
import { readGraph } from './read-graph.js';
import type { OperatorReport, RewriteReport, WeightsReport } from './report.js';
import { TensorForms } from './tensor-forms.js';
import { TensorRoles } from './tensor-roles.js';
import { writeGraph } from './write-graph.js';

/** Counts up when the same model would get another `engineForm`. */
export const REWRITE_VERSION = 5;

export interface RewriteResult {
  /** The rewritten model; the original bytes where nothing changed. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** False where there is nothing to rewrite. */
  readonly changed: boolean;
  readonly report: RewriteReport;
}

/** All constants together are as large as the file at most, and grow to four times as float32. */
const MAX_CONVERTED_RATIO = 4;

/**
 * Rewrites a TensorFlow Lite model into one that XNNPACK computes two to three times as fast: uint8
 * arithmetic to int8, and layers that multiply float32 activations with int8 weights to float32.
 * The rest of the model, and what goes in and comes out, stays as it is.
 *
 * Each uint8 operator with a known int8 form gets it. Where one that became int8 meets one that stays
 * uint8, the tensor between them is converted, exactly: 128 is taken from each byte or added. How
 * far the outputs of a layer can be from the original's is derived in `channel-weights.ts`.
 *
 * Models of "dynamic range" have int8 weights only to be small. Their kernels round the activations
 * to int8 at every layer, anew for each picture, on one thread and without XNNPACK. With the weights
 * w = s·q written out as float32, each to half a unit in its last place, the layers compute what the
 * model stands for without that rounding, at four times the memory for weights.
 * @throws RangeError in one line when the file contradicts itself.
 */
export function rewriteModel(bytes: Uint8Array<ArrayBuffer>): RewriteResult {
  const graph = readGraph(bytes);
  const decisions = planRewrite(graph);
  const roles = new TensorRoles(graph, decisions);
  const edit = new GraphEdit(graph);
  const forms = new TensorForms(graph, roles, edit, bytes.length * MAX_CONVERTED_RATIO);
  const rewriter = new Rewriter(graph, edit, forms);
  for (const index of graph.inputs) forms.offerInt8(index);
  const operators = graph.operators.map((operator, index): OperatorReport => {
    const { rule = null, reason = null } = decisions[index] ?? {};
    const weights = rule ? rewriter.rewrite(operator, rule) : rewriter.keep(operator);
    return { index, ...describe(graph, operator, rule), reason, weights };
  });
  const changed = operators.some(({ becomes }) => becomes !== 'unchanged');
  return {
    bytes: changed ? writeGraph(bytes, graph, edit.finish()) : bytes,
    changed,
    report: { operators, conversions: forms.conversions },
  };
}

/** Gives the operators of a graph anew, one after the other. */
class Rewriter {
  readonly #edit: GraphEdit;
  readonly #forms: TensorForms;
  readonly #layers: LayerWeights;

  constructor(graph: Graph, edit: GraphEdit, forms: TensorForms) {
    this.#edit = edit;
    this.#forms = forms;
    this.#layers = new LayerWeights(graph, forms);
  }

  keep(operator: GraphOperator): null {
    this.#edit.addOperator(operator);
    for (const index of operator.outputs) this.#forms.offerInt8(index);
    return null;
  }

  rewrite(operator: GraphOperator, rule: OperatorRule): WeightsReport | null {
    switch (rule.kind) {
      case 'float':
        return this.keep({
          ...operator,
          inputs: operator.inputs.map((index) => this.#forms.float(index)),
        });
      case 'shift':
        this.#forms.shift(operator.inputs[0] ?? -1, operator.outputs[0] ?? -1);
        return null;
      case 'hybrid': {
        const [input = -1, weights = -1, ...more] = operator.inputs;
        const inputs = [input, this.#forms.floatWeights(weights), ...more];
        return this.keep({ ...operator, inputs });
      }
      case 'plain': {
        const inputs = operator.inputs.map((index) => this.#forms.int8(index));
        this.#add(operator, rule.isOneScale ? this.#inOneScale(operator, inputs) : inputs);
        this.#edit.raiseVersion(operator.code, rule.version);
        return null;
      }
      case 'layer': {
        const { inputs, report } = this.#layers.layer(operator, rule);
        this.#add(operator, inputs);
        this.#edit.raiseVersion(operator.code, rule.version);
        return report;
      }
      default:
        throw rule satisfies never;
    }
  }

  #inOneScale({ outputs }: GraphOperator, inputs: readonly number[]): number[] {
    const output = this.#forms.int8(outputs[0] ?? -1);
    return inputs.map((index) => this.#forms.withScaleOf(index, output));
  }

  #add(operator: GraphOperator, inputs: readonly number[]): void {
    const outputs = operator.outputs.map((index) => this.#forms.int8(index));
    this.#edit.addOperator({ ...operator, inputs, outputs });
    for (const index of operator.outputs) this.#forms.offerOriginal(index);
  }
}

function describe(
  graph: Graph,
  operator: GraphOperator,
  rule: OperatorRule | null,
): Pick<OperatorReport, 'name' | 'output' | 'becomes'> {
  return {
    name: operatorName(graph, operator),
    output: graph.tensors[operator.outputs[0] ?? -1]?.name ?? '',
    becomes: rule === null ? 'unchanged' : BECOMES[rule.kind],
  };
}

const BECOMES = {
  plain: 'int8',
  layer: 'int8',
  float: 'float32',
  hybrid: 'float32 weights',
  shift: 'two steps',
} as const;
