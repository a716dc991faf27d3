import {
  accumulatorErrors,
  type ChannelWeights,
  rescaleBias,
  toChannelWeights,
} from './channel-weights.js';
import type { Graph, GraphOperator, Quantisation } from './graph.js';
import type { LayerRule } from './operator-rules.js';
import { channelsOf } from './plan.js';
import type { WeightsReport } from './report.js';
import type { TensorForms } from './tensor-forms.js';
import { biasRole, weightsRole } from './tensor-roles.js';
import { TYPE } from './tflite-schema.js';

/** Of all layers together. Detectors have 10,000 to 100,000; a file may claim any number. */
const MAX_CHANNELS = 1_000_000;
/** An output of 256 values cannot be off by more. */
const MAX_STEPS = 255;

interface PlacedWeights {
  /** Index of the int8 tensor. */
  readonly tensor: number;
  readonly made: ChannelWeights;
}

/** What a layer works on once it is int8. */
export interface Int8Layer {
  /** Indices of tensors, in the operator's order. */
  readonly inputs: readonly number[];
  readonly report: WeightsReport;
}

/**
 * Makes the int8 weights and biases of layers, each once: weights may be shared between layers, as
 * the prediction heads over the levels of a feature pyramid are, and then every layer has a bias of
 * its own, because a bias has the scale of input times weights.
 */
export class LayerWeights {
  readonly #graph: Graph;
  readonly #forms: TensorForms;
  readonly #weights = new Map<string, PlacedWeights>();
  readonly #biases = new Map<string, number>();
  #channels = 0;

  constructor(graph: Graph, forms: TensorForms) {
    this.#graph = graph;
    this.#forms = forms;
  }

  /** @throws RangeError when the layers have more channels than any model. */
  layer(operator: GraphOperator, rule: LayerRule): Int8Layer {
    const [input = -1, weights = -1, bias, ...more] = operator.inputs;
    this.#channels += channelsOf(this.#forms.original(weights), rule).channels;
    if (this.#channels > MAX_CHANNELS) throw new RangeError(`more than ${MAX_CHANNELS} channels`);
    const { tensor, made } = this.#weightsOf(weights, rule);
    const biases = bias === undefined ? [] : [this.#biasOf(operator, rule, made)];
    const inputs = [this.#forms.int8(input), tensor, ...biases, ...more];
    return { inputs, report: this.#describe(operator, made) };
  }

  #weightsOf(index: number, rule: LayerRule): PlacedWeights {
    const key = `${index} ${weightsRole(rule)}`;
    const known = this.#weights.get(key);
    if (known) return known;
    const original = this.#forms.original(index);
    const { dimension, channels } = channelsOf(original, rule);
    const zeroPoint = original.quantisation?.zeroPoints[0] ?? 0;
    const stored = this.#forms.originalData(original);
    const made = toChannelWeights(stored, zeroPoint, { ...rule, channels });
    const quantisation = scalesOf(made, rule, this.#scaleOf(index), dimension);
    const int8 = { ...original, type: TYPE.int8, quantisation };
    const tensor = this.#forms.placeConstant(index, int8, new Uint8Array(made.values.buffer));
    const placed = { tensor, made };
    this.#weights.set(key, placed);
    return placed;
  }

  #biasOf(operator: GraphOperator, rule: LayerRule, made: ChannelWeights): number {
    const [input = -1, weights = -1, index = -1] = operator.inputs;
    // An optional input that is absent.
    if (index < 0) return index;
    const key = `${index} ${biasRole(this.#graph, operator, rule)}`;
    const known = this.#biases.get(key);
    if (known !== undefined) return known;
    const original = this.#forms.original(index);
    // The file's own bytes may stand at an odd address.
    const stored = new Int32Array(this.#forms.originalData(original).slice().buffer);
    const scale = this.#scaleOf(input) * this.#scaleOf(weights);
    const rescaled = { ...original, quantisation: scalesOf(made, rule, scale, 0) };
    const bytes = new Uint8Array(rescaleBias(stored, made.factors).buffer);
    const tensor = this.#forms.placeConstant(index, rescaled, bytes);
    this.#biases.set(key, tensor);
    return tensor;
  }

  #describe({ inputs, outputs }: GraphOperator, made: ChannelWeights): WeightsReport {
    const [input = -1, weights = -1] = inputs;
    const zeroPoint = this.#forms.original(input).quantisation?.zeroPoints[0] ?? 0;
    const errors = accumulatorErrors(made, zeroPoint);
    const accumulatorScale = this.#scaleOf(input) * this.#scaleOf(weights);
    const stepsPerUnit = accumulatorScale / this.#scaleOf(outputs[0] ?? -1);
    return {
      channels: errors.length,
      exactChannels: errors.filter((error) => error === 0).length,
      maxFactor: made.factors.reduce((max, factor) => Math.max(max, factor), 1),
      maxErrorSteps: Math.min(
        MAX_STEPS,
        errors.reduce((max, error) => Math.max(max, error), 0) * stepsPerUnit,
      ),
    };
  }

  #scaleOf(index: number): number {
    return this.#forms.original(index).quantisation?.scales[0] ?? 0;
  }
}

function scalesOf(
  { factors }: ChannelWeights,
  { isOneScale }: LayerRule,
  scale: number,
  dimension: number,
): Quantisation {
  const scales = Array.from(isOneScale ? factors.subarray(0, 1) : factors, (f) => f * scale);
  return { scales, zeroPoints: scales.map(() => 0), dimension };
}
