import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encode } from 'flatbuffers/js/flexbuffers.js';
import type { EngineChoice } from '../../src/domain/engine.js';
import { builtinOperatorName } from '../../src/models/operator-names.js';
import { ruleFor } from '../../src/models/quantize/operator-rules.js';
import { rewriteModel } from '../../src/models/quantize/rewrite.js';
import type { Field } from '../helpers/flat-builder.js';
import { litert, noLitert } from '../helpers/litert-library.js';
import { runModel } from '../helpers/run-model.js';
import { seededInteger, seededRandom } from '../helpers/seeded-random.js';
import { type OperatorWish, type TensorWish, TYPE, tinyGraph } from '../helpers/tiny-graph.js';

/** Engines that compute the rewritten model, each with the one that computes the original. */
const TFJS: EngineChoice = { name: 'tfjs', threads: 1 };
const ENGINES = {
  'tfjs beside itself': { original: TFJS, rewritten: TFJS, skip: false },
  'LiteRT builtin beside itself': {
    original: litert('builtin'),
    rewritten: litert('builtin'),
    skip: noLitert,
  },
  'LiteRT XNNPACK beside LiteRT builtin': {
    original: litert('builtin'),
    rewritten: litert('xnnpack'),
    skip: noLitert,
  },
} as const;

const RUNS = 8;
const SHAPE = [1, 6, 8, 4];
/** The two inputs of every graph: of one shape, in different scales. */
const ONE: TensorWish = { shape: SHAPE, scale: 0.03, zeroPoint: 120 };
const OTHER: TensorWish = { shape: SHAPE, scale: 0.05, zeroPoint: 9 };
const ZERO_TO_ONE = { scale: 1 / 256, zeroPoint: 0 };

const names = Array.from({ length: 150 }, (_, code) => builtinOperatorName(code));

/** A layer that gives out its input: exact in every kernel, and an operator beside it is rewritten. */
const IDENTITY: TensorWish = {
  shape: [4, 1, 1, 4],
  scale: 1,
  zeroPoint: 5,
  data: Uint8Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 6 : 5)),
};
const noBias = ({ scale = 1 }: TensorWish): TensorWish => ({
  shape: [4],
  type: TYPE.int32,
  scale,
  data: new Int32Array(4),
});
const STRIDES: readonly Field[] = [{}, { int32: 1 }, { int32: 1 }, {}, { int32: 1 }, { int32: 1 }];

/** An operator between two layers and the outputs of the model. */
interface Case {
  /** Begins with the operator's name. */
  readonly name: string;
  readonly version?: number;
  readonly options?: { readonly type: number; readonly fields: readonly Field[] };
  /** `one` and `other` are what the layers give out. */
  readonly inputs: readonly ('one' | 'other' | TensorWish)[];
  readonly outputs: readonly TensorWish[];
  /** How far outputs may differ, in steps of their scale (or in reals for float32). */
  readonly tolerance: number;
}

function constant(values: readonly number[], shape = [values.length]): TensorWish {
  return { shape, type: TYPE.int32, data: Int32Array.from(values) };
}

const like = (shape: readonly number[], of = ONE): TensorWish => ({ ...of, shape });
/** Rounding of two kernels can differ by a step. */
const ROUNDED = 1;
const MOVED = 0;
const noActivation = (type: number): NonNullable<Case['options']> => ({ type, fields: [{}] });
const pool = {
  type: 5,
  fields: [{ int8: 1 }, { int32: 2 }, { int32: 2 }, { int32: 3 }, { int32: 3 }],
};
const keepDims = { type: 27, fields: [{ int8: 1 }] };
const sum = { ...OTHER, scale: 0.08, zeroPoint: 60 };
const ANCHORS: TensorWish = {
  shape: [48, 4],
  scale: 0.01,
  zeroPoint: 2,
  data: Uint8Array.from({ length: 192 }, (_, i) => 20 + ((i * 37) % 90)),
};
const POST_PROCESS_OPTIONS = new Uint8Array(
  encode({
    ...{ max_detections: 10, max_classes_per_detection: 1, num_classes: 3 },
    ...{ nms_score_threshold: 0.01, nms_iou_threshold: 0.6, use_regular_nms: false },
    ...{ y_scale: 10.0, x_scale: 10.0, h_scale: 5.0, w_scale: 5.0 },
  }),
);

const CASES: readonly Case[] = [
  {
    name: 'ADD',
    options: noActivation(11),
    inputs: ['one', 'other'],
    outputs: [sum],
    tolerance: ROUNDED,
  },
  {
    name: 'ADD of a constant',
    options: noActivation(11),
    inputs: ['one', { ...OTHER, shape: [4], data: Uint8Array.of(0, 80, 160, 255) }],
    outputs: [sum],
    tolerance: ROUNDED,
  },
  {
    name: 'SUB',
    options: noActivation(28),
    inputs: ['one', 'other'],
    outputs: [sum],
    tolerance: ROUNDED,
  },
  {
    name: 'MUL',
    options: noActivation(21),
    inputs: ['one', 'other'],
    outputs: [{ ...sum, scale: 0.2 }],
    tolerance: ROUNDED,
  },
  {
    name: 'AVERAGE_POOL_2D',
    options: pool,
    inputs: ['one'],
    outputs: [like([1, 2, 3, 4])],
    tolerance: ROUNDED,
  },
  {
    name: 'MAX_POOL_2D',
    options: pool,
    inputs: ['one'],
    outputs: [like([1, 2, 3, 4])],
    tolerance: MOVED,
  },
  {
    name: 'CONCATENATION of equal scales',
    options: { type: 10, fields: [{ int32: 3 }] },
    inputs: ['one', 'one'],
    outputs: [like([1, 6, 8, 8])],
    tolerance: MOVED,
  },
  {
    name: 'CONCATENATION of two scales',
    options: { type: 10, fields: [{ int32: 3 }] },
    inputs: ['one', 'other'],
    outputs: [like([1, 6, 8, 8], sum)],
    tolerance: ROUNDED,
  },
  {
    name: 'PACK',
    options: { type: 59, fields: [{ int32: 2 }, { int32: 1 }] },
    inputs: ['one', 'one'],
    outputs: [like([1, 2, 6, 8, 4])],
    tolerance: MOVED,
  },
  {
    name: 'RESHAPE',
    inputs: ['one', constant([1, 48, 4])],
    outputs: [like([1, 48, 4])],
    tolerance: MOVED,
  },
  {
    // Old converters write it: the bytes are taken over as they are and mean something else.
    name: 'RESHAPE to another scale',
    inputs: ['one', constant([1, 48, 4])],
    outputs: [like([1, 48, 4], OTHER)],
    tolerance: MOVED,
  },
  {
    name: 'SQUEEZE',
    options: { type: 30, fields: [] },
    inputs: ['one'],
    outputs: [like([6, 8, 4])],
    tolerance: MOVED,
  },
  {
    name: 'LOGISTIC',
    inputs: ['one'],
    outputs: [{ shape: SHAPE, ...ZERO_TO_ONE }],
    tolerance: ROUNDED,
  },
  {
    name: 'TANH',
    inputs: ['one'],
    outputs: [{ shape: SHAPE, scale: 1 / 128, zeroPoint: 128 }],
    tolerance: ROUNDED,
  },
  {
    name: 'SOFTMAX',
    options: { type: 9, fields: [{ float32: 1 }] },
    inputs: ['one'],
    outputs: [{ shape: SHAPE, ...ZERO_TO_ONE }],
    tolerance: ROUNDED,
  },
  {
    name: 'RELU',
    version: 2,
    inputs: ['one'],
    outputs: [{ ...ONE, zeroPoint: 0 }],
    tolerance: ROUNDED,
  },
  {
    name: 'RELU6',
    inputs: ['one'],
    outputs: [{ shape: SHAPE, scale: 6 / 255, zeroPoint: 0 }],
    tolerance: ROUNDED,
  },
  {
    name: 'MAXIMUM',
    options: { type: 39, fields: [] },
    inputs: ['one', { ...ONE, shape: [4], data: Uint8Array.of(0, 99, 128, 255) }],
    outputs: [ONE],
    tolerance: MOVED,
  },
  {
    name: 'MINIMUM',
    options: { type: 39, fields: [] },
    inputs: ['one', { ...ONE, shape: [4], data: Uint8Array.of(0, 99, 128, 255) }],
    outputs: [ONE],
    tolerance: MOVED,
  },
  {
    name: 'MEAN',
    options: keepDims,
    inputs: ['one', constant([1, 2])],
    outputs: [like([1, 1, 1, 4])],
    tolerance: ROUNDED,
  },
  {
    name: 'MEAN to another scale',
    options: keepDims,
    inputs: ['one', constant([1, 2])],
    outputs: [like([1, 1, 1, 4], { ...ONE, scale: 0.02 })],
    tolerance: ROUNDED,
  },
  {
    name: 'REDUCE_MAX',
    options: keepDims,
    inputs: ['one', constant([1, 2])],
    outputs: [like([1, 1, 1, 4])],
    tolerance: MOVED,
  },
  {
    name: 'PAD',
    inputs: ['one', constant([0, 0, 1, 2, 0, 1, 0, 0], [4, 2])],
    outputs: [like([1, 9, 9, 4])],
    tolerance: MOVED,
  },
  {
    name: 'RESIZE_BILINEAR',
    options: { type: 15, fields: [{}, {}, {}, { int8: 1 }] },
    version: 3,
    inputs: ['one', constant([11, 13])],
    outputs: [like([1, 11, 13, 4])],
    tolerance: ROUNDED,
  },
  {
    name: 'RESIZE_NEAREST_NEIGHBOR',
    options: { type: 74, fields: [{}] },
    inputs: ['one', constant([12, 16])],
    outputs: [like([1, 12, 16, 4])],
    tolerance: MOVED,
  },
  {
    name: 'STRIDED_SLICE',
    options: { type: 32, fields: [{}] },
    inputs: ['one', constant([0, 1, 0, 0]), constant([1, 6, 8, 4]), constant([1, 2, 2, 1])],
    outputs: [like([1, 3, 4, 4])],
    tolerance: MOVED,
  },
  {
    name: 'SLICE',
    options: { type: 48, fields: [] },
    inputs: ['one', constant([0, 1, 2, 0]), constant([1, 3, 4, 4])],
    outputs: [like([1, 3, 4, 4])],
    tolerance: MOVED,
  },
  {
    name: 'SPLIT',
    options: { type: 35, fields: [{ int32: 2 }] },
    inputs: [{ ...constant([3]), shape: [] }, 'one'],
    outputs: [like([1, 6, 8, 2]), like([1, 6, 8, 2])],
    tolerance: MOVED,
  },
  {
    name: 'TRANSPOSE',
    options: { type: 26, fields: [] },
    inputs: ['one', constant([0, 3, 1, 2])],
    outputs: [like([1, 4, 6, 8])],
    tolerance: MOVED,
  },
  {
    name: 'SPACE_TO_DEPTH',
    options: { type: 19, fields: [{ int32: 2 }] },
    inputs: ['one'],
    outputs: [like([1, 3, 4, 16])],
    tolerance: MOVED,
  },
  { name: 'QUANTIZE', inputs: ['one'], outputs: [sum], tolerance: ROUNDED },
  {
    name: 'DEQUANTIZE',
    inputs: ['one'],
    outputs: [{ shape: SHAPE, type: TYPE.float32 }],
    tolerance: 1e-6,
  },
  {
    name: 'ARG_MAX, which stays uint8,',
    options: { type: 40, fields: [{ int8: 2 }] },
    inputs: ['one', constant([3])],
    outputs: [{ shape: [1, 6, 8], type: TYPE.int32 }],
    tolerance: 0,
  },
];

/** The tensors of the layers, then those of the case. */
function graphOf(example: Case): {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly operator: number;
} {
  const constants = example.inputs.filter((input) => typeof input === 'object');
  const outputs = example.outputs.map((_, i) => 7 + constants.length + i);
  let next = 7;
  const inputs = example.inputs.map((input) => {
    if (typeof input === 'object') return next++;
    return input === 'one' ? 5 : 6;
  });
  const { options, version = 1 } = example;
  const builtin = names.indexOf(example.name.split(/[ ,]/)[0] ?? '');
  const operator = { builtin, version, inputs, outputs, ...(options ? { options } : {}) };
  const bytes = tinyGraph({
    tensors: [...LAYER_TENSORS, ...constants, ...example.outputs],
    operators: [...LAYERS, operator],
    inputs: [0, 1],
    outputs,
  });
  return { bytes, operator: 2 };
}

/** Inputs 0 and 1, weights 2, biases 3 and 4, outputs 5 and 6. */
const LAYER_TENSORS = [ONE, OTHER, IDENTITY, noBias(ONE), noBias(OTHER), ONE, OTHER];
const LAYERS: readonly OperatorWish[] = [0, 1].map((input) => ({
  builtin: names.indexOf('CONV_2D'),
  inputs: [input, 2, 3 + input],
  outputs: [5 + input],
  options: { type: 1, fields: STRIDES },
}));

/** Random bytes for both inputs, all values among them. */
function randomInputs(seed: number, sizes: readonly number[]): Uint8Array[][] {
  const random = seededRandom(seed);
  return Array.from({ length: RUNS }, () =>
    sizes.map((size) => Uint8Array.from({ length: size }, () => seededInteger(random, 256))),
  );
}

interface Difference {
  readonly worst: number;
  /** How many values differ between runs of the original: 0 would mean that nothing was tested. */
  readonly variety: number;
}

function compare(
  original: readonly (readonly (readonly number[])[])[],
  rewritten: readonly (readonly (readonly number[])[])[],
): Difference {
  const flat = original.flat(2);
  const other = rewritten.flat(2);
  assert.equal(flat.length, other.length);
  const worst = flat.reduce((max, value, i) => {
    const difference = Math.abs(value - (other[i] ?? Number.NaN));
    return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(max, difference);
  }, 0);
  return { worst, variety: new Set(flat).size };
}

/** A layer with random weights, some channels too wide for int8. */
function layerOf(name: LayerName, seed: number, spread: number): Uint8Array<ArrayBuffer> {
  const random = seededRandom(seed);
  const { shape, output, options } = LAYER_SHAPES[name];
  const size = shape.reduce<number>((product, length) => product * length, 1);
  const channels = name === 'DEPTHWISE_CONV_2D' ? (shape[3] ?? 1) : (shape[0] ?? 1);
  const zeroPoint = spread > 127 ? seededInteger(random, 256) : 127;
  const data = Uint8Array.from({ length: size }, () =>
    Math.max(0, Math.min(255, Math.round(zeroPoint + (2 * random() - 1) * spread))),
  );
  const scale = 0.01;
  const bias = Int32Array.from({ length: channels }, () => (random() - 0.5) * 20_000);
  // Most of what a random layer computes falls into the range of its output.
  const deviation = Math.sqrt(size / channels) * 75 * (spread / 2) * scale * (ONE.scale ?? 1);
  return tinyGraph({
    tensors: [
      ONE,
      { shape, scale, zeroPoint, data },
      { shape: [channels], type: TYPE.int32, scale: scale * (ONE.scale ?? 1), data: bias },
      { shape: output, scale: deviation / 50, zeroPoint: 110 },
    ],
    operators: [{ builtin: names.indexOf(name), inputs: [0, 1, 2], outputs: [3], options }],
    inputs: [0],
    outputs: [3],
  });
}

type LayerName = keyof typeof LAYER_SHAPES;
const LAYER_SHAPES = {
  CONV_2D: { shape: [7, 3, 3, 4], output: [1, 6, 8, 7], options: { type: 1, fields: STRIDES } },
  DEPTHWISE_CONV_2D: {
    shape: [1, 3, 3, 8],
    output: [1, 6, 8, 8],
    options: {
      type: 2,
      fields: [{}, ...[1, 1, 2].map((int32) => ({ int32 })), {}, { int32: 1 }, { int32: 1 }],
    },
  },
  FULLY_CONNECTED: { shape: [9, 192], output: [1, 9], options: { type: 8, fields: [] } },
} as const;

/** A layer that gives out its 256 inputs; its weights are for channels of four. */
function identity(scale: number, zeroPoint: number): Uint8Array<ArrayBuffer> {
  const pixels = { shape: [1, 8, 8, 4], scale, zeroPoint };
  const [layer] = LAYERS;
  return tinyGraph({
    tensors: [pixels, IDENTITY, noBias(pixels), pixels],
    operators: [{ ...layer, builtin: layer?.builtin ?? 0, inputs: [0, 1, 2], outputs: [3] }],
    inputs: [0],
    outputs: [3],
  });
}

/** Boxes and scores from the two layers, and anchors: a detector's end. */
function detectorEnd(): Uint8Array<ArrayBuffer> {
  const outputs = [[1, 10, 4], [1, 10], [1, 10], [1]];
  return tinyGraph({
    tensors: [
      ...LAYER_TENSORS,
      ...[constant([1, 48, 4]), like([1, 48, 4]), like([1, 48, 4], OTHER), ANCHORS],
      ...outputs.map((shape) => ({ shape, type: TYPE.float32 })),
    ],
    operators: [
      ...LAYERS,
      { builtin: names.indexOf('RESHAPE'), inputs: [5, 7], outputs: [8] },
      { builtin: names.indexOf('RESHAPE'), inputs: [6, 7], outputs: [9] },
      {
        builtin: names.indexOf('CUSTOM'),
        name: 'TFLite_Detection_PostProcess',
        inputs: [8, 9, 10],
        outputs: [11, 12, 13, 14],
        customOptions: POST_PROCESS_OPTIONS,
      },
    ],
    inputs: [0, 1],
    outputs: [11, 12, 13, 14],
  });
}

for (const [name, { original, rewritten, skip }] of Object.entries(ENGINES)) {
  describe(`a rewritten model in ${name}`, { skip }, () => {
    for (const example of CASES) {
      it(`computes ${example.name} as the original does`, () => {
        const { bytes, operator } = graphOf(example);
        const result = rewriteModel(bytes);
        const { becomes } = result.report.operators[operator] ?? {};
        assert.equal(becomes, example.name.includes('stays') ? 'unchanged' : 'int8');
        const inputs = randomInputs(example.name.length, [192, 192]);
        const { worst, variety } = compare(
          runModel(bytes, original, inputs),
          runModel(result.bytes, rewritten, inputs),
        );
        assert.ok(variety > 2, 'the outputs are all the same');
        assert.ok(worst <= example.tolerance, `off by ${worst}, expected ${example.tolerance}`);
      });
    }

    for (const layer of Object.keys(LAYER_SHAPES) as LayerName[]) {
      it(`computes ${layer} within the bound that the report gives`, () => {
        let widened = 0;
        for (let seed = 0; seed < 12; seed++) {
          const bytes = layerOf(layer, seed, seed % 3 === 0 ? 127 : 255);
          const { bytes: int8, report } = rewriteModel(bytes);
          const { maxErrorSteps = 0, maxFactor = 1 } = report.operators[0]?.weights ?? {};
          const inputs = randomInputs(seed, [192]);
          const { worst, variety } = compare(
            runModel(bytes, original, inputs),
            runModel(int8, rewritten, inputs),
          );
          assert.ok(variety > 50, `only ${variety} values came out`);
          const bound = maxErrorSteps + ROUNDED;
          assert.ok(worst <= bound, `seed ${seed}: off by ${worst}, expected ${bound}`);
          if (maxFactor > 1) widened += 1;
        }
        assert.ok(widened >= 4, `only ${widened} layers were widened`);
      });
    }

    it('takes every byte to int8 and back, whatever the scale', () => {
      const random = seededRandom(7);
      const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      for (const zeroPoint of [0, 1, 100, 128, 255]) {
        for (const scale of [1 / 256, 1 / 3, 10 ** (6 * random() - 5), 10 ** (6 * random() - 5)]) {
          const { bytes } = rewriteModel(identity(scale, zeroPoint));
          const [[values] = []] = runModel(bytes, rewritten, [[everyByte]]);
          assert.deepEqual(values, [...everyByte], `scale ${scale}, zero point ${zeroPoint}`);
        }
      }
    });

    it('finds the same detections', () => {
      const bytes = detectorEnd();
      const { bytes: int8, report } = rewriteModel(bytes);
      assert.equal(report.operators.at(-1)?.becomes, 'float32');
      const inputs = randomInputs(1, [192, 192]);
      const { worst, variety } = compare(
        runModel(bytes, original, inputs),
        runModel(int8, rewritten, inputs),
      );
      assert.ok(variety > 50);
      assert.ok(worst < 1e-4, `off by ${worst}`);
    });
  });
}

describe('ruleFor', () => {
  it('has no operator that is not compared here', () => {
    const compared = new Set([...CASES.map(({ name }) => name.split(/[ ,]/)[0]), ...LAYER_NAMES]);
    const known = names.filter((name) => ruleFor(name));
    assert.deepEqual(
      known.filter((name) => !compared.has(name)),
      [],
    );
    assert.ok(known.length > 25);
  });
});
const LAYER_NAMES = ['CONV_2D', 'DEPTHWISE_CONV_2D', 'FULLY_CONNECTED'];
