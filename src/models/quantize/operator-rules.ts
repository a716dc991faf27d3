import type { ChannelLayout } from './channel-weights.js';

/** A layer: input, weights, bias. The weights become int8 with zero point 0. */
export interface LayerRule extends Omit<ChannelLayout, 'channels'> {
  readonly kind: 'layer';
  readonly version: number;
}

/** What an operator demands of its tensors when they are no longer uint8. */
export type OperatorRule =
  | LayerRule
  /** Every uint8 tensor becomes int8 by taking 128 from its bytes and its zero point. */
  | {
      readonly kind: 'plain';
      readonly version: number;
      /** The inputs must have the output's scale and zero point; uint8 kernels convert them. */
      readonly isOneScale?: boolean;
      /** The only quantisation that the kernel has for its output. */
      readonly output?: { readonly scale: number; readonly zeroPoint: number };
    }
  /** It computes in float32 and has no int8 form: its inputs are dequantised in front of it. */
  | { readonly kind: 'float' }
  /** A layer between float32 tensors whose weights are stored as int8: they become float32. */
  | { readonly kind: 'hybrid' }
  /** A QUANTIZE between uint8 and int8 of the same real values: two steps take its place. */
  | { readonly kind: 'shift' };

const ZERO_TO_ONE = { scale: 1 / 256, zeroPoint: -128 };
const MINUS_ONE_TO_ONE = { scale: 1 / 128, zeroPoint: 0 };

/**
 * The operators that need not be uint8, by name, with the lowest version that takes int8.
 *
 * Sources: TensorFlow Lite's 8-bit quantisation specification, which lists each operator's
 * restrictions (https://ai.google.dev/edge/litert/models/quantization_spec), and for the versions
 * op_version.cc of LiteRT. Taking 128 from bytes and zero point alike is exact for all of them:
 * those that compute use q − z only, those that move, compare or average bytes do the same to
 * bytes less 128.
 */
const RULES = new Map<string, OperatorRule>([
  ['CONV_2D', { kind: 'layer', version: 3, order: 'outermost', isOneScale: false }],
  ['DEPTHWISE_CONV_2D', { kind: 'layer', version: 3, order: 'innermost', isOneScale: false }],
  // A scale for each channel came to it late: older kernels take the first one for all and are wrong.
  ['FULLY_CONNECTED', { kind: 'layer', version: 4, order: 'outermost', isOneScale: true }],
  ['TFLite_Detection_PostProcess', { kind: 'float' }],
  ['CONCATENATION', { kind: 'plain', version: 2, isOneScale: true }],
  ['LOGISTIC', { kind: 'plain', version: 2, output: ZERO_TO_ONE }],
  ['SOFTMAX', { kind: 'plain', version: 2, output: ZERO_TO_ONE }],
  ['TANH', { kind: 'plain', version: 2, output: MINUS_ONE_TO_ONE }],
  ...['RESHAPE', 'SQUEEZE', 'QUANTIZE'].map((name): [string, OperatorRule] => [
    name,
    { kind: 'plain', version: 1 },
  ]),
  ...[
    ...['ADD', 'SUB', 'MUL', 'RELU', 'RELU6', 'MAXIMUM', 'MINIMUM', 'MEAN', 'REDUCE_MAX'],
    ...['AVERAGE_POOL_2D', 'MAX_POOL_2D', 'PAD', 'RESIZE_BILINEAR', 'RESIZE_NEAREST_NEIGHBOR'],
    ...['PACK', 'STRIDED_SLICE', 'SLICE', 'SPLIT', 'TRANSPOSE', 'SPACE_TO_DEPTH', 'DEQUANTIZE'],
  ].map((name): [string, OperatorRule] => [name, { kind: 'plain', version: 2 }]),
]);

/** The layers that take float32 activations and int8 weights, in models of "dynamic range". */
const HYBRID = new Set(['CONV_2D', 'DEPTHWISE_CONV_2D', 'FULLY_CONNECTED']);

/** Whether the operator, where it has int8 weights between float32 tensors, may have float32 ones. */
export function mayBeHybrid(operatorName: string): boolean {
  return HYBRID.has(operatorName);
}

/** The rule for an operator; undefined where nothing is known of it but that it runs as it is. */
export function ruleFor(operatorName: string): OperatorRule | undefined {
  return RULES.get(operatorName);
}
