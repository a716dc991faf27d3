import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { concatenatePacks } from '../../src/models/quantize/concatenate-packs.js';
import { engineForm } from '../../src/models/quantize/engine-form.js';
import { foldColumns } from '../../src/models/quantize/fold-columns.js';
import { readGraph } from '../../src/models/quantize/read-graph.js';
import { skipReshapes } from '../../src/models/quantize/skip-reshapes.js';
import { litert, noLitert } from '../helpers/litert-library.js';
import { noReferenceData, referencePath } from '../helpers/reference-data.js';
import { runModel } from '../helpers/run-model.js';
import { seededInteger, seededRandom } from '../helpers/seeded-random.js';
import { type GraphWish, type TensorWish, TYPE, tinyGraph } from '../helpers/tiny-graph.js';

const RUNS = 6;
const CONV_2D = 3;
const RESHAPE = 22;
const PAD = 34;
const PACK = 83;
const [SAME, VALID] = [0, 1];
/** Channels that the kernels of x64 multiply at once. */
const BLOCK = 8;

const int8 = { type: TYPE.int8, scale: 0.04, zeroPoint: -7 };
const random = seededRandom(3);
const bytes = (length: number): Int8Array =>
  Int8Array.from({ length }, () => seededInteger(random, 256) - 128);

interface StemWish {
  /** Height, width, channels. */
  readonly picture: readonly [number, number, number];
  readonly kernel: readonly [number, number];
  /** Down and to the right. */
  readonly strides: readonly [number, number];
  /** Top, bottom, left, right, by a PAD in front; null: padding "same". */
  readonly padding: readonly [number, number, number, number] | null;
}

const STEM: StemWish = { picture: [10, 12, 3], kernel: [3, 3], strides: [2, 2], padding: null };
const OUTPUT_CHANNELS = 5;

/** A detector's first layer, with a scale for each output channel. */
function stem({ picture, kernel, strides, padding }: StemWish): GraphWish {
  const [height, width, channels] = picture;
  const [top, bottom, left, right] = padding ?? [0, 0, 0, 0];
  const padded = [height + top + bottom, width + left + right];
  const size = [0, 1].map((axis) => {
    const room = (padded[axis] ?? 0) - (padding ? (kernel[axis] ?? 0) : 1);
    return Math.floor(room / (strides[axis] ?? 1)) + 1;
  });
  const shape = [OUTPUT_CHANNELS, ...kernel, channels];
  const weights = bytes(shape.reduce((product, count) => product * count, 1)).map((v) =>
    Math.max(v, -127),
  );
  const scales = Array.from({ length: OUTPUT_CHANNELS }, (_, i) => 0.01 + 0.002 * i);
  const tensors: TensorWish[] = [
    { ...int8, shape: [1, ...picture] },
    { type: TYPE.int8, shape, scales, data: weights },
    {
      ...{ type: TYPE.int32, shape: [OUTPUT_CHANNELS], scales: scales.map((s) => s * 0.04) },
      data: Int32Array.from({ length: OUTPUT_CHANNELS }, (_, i) => 900 * i - 1500),
    },
    { type: TYPE.int8, shape: [1, ...size, OUTPUT_CHANNELS], scale: 0.21, zeroPoint: 9 },
    { ...int8, shape: [1, ...padded, channels] },
    {
      ...{ type: TYPE.int32, shape: [4, 2] },
      data: Int32Array.of(0, 0, top, bottom, left, right, 0, 0),
    },
  ];
  const [y = 1, x = 1] = strides;
  const fields = [
    { int8: padding ? VALID : SAME },
    ...[x, y].map((int32) => ({ int32 })),
    ...[{}, { int32: 1 }, { int32: 1 }],
  ];
  const convolution = { builtin: CONV_2D, version: 3, options: { type: 1, fields } };
  return {
    tensors,
    operators: padding
      ? [
          { builtin: PAD, version: 2, inputs: [0, 5], outputs: [4] },
          { ...convolution, inputs: [4, 1, 2], outputs: [3] },
        ]
      : [{ ...convolution, inputs: [0, 1, 2], outputs: [3] }],
    inputs: [0],
    outputs: [3],
  };
}

function operatorsOf(file: Uint8Array): string[] {
  const { codes, operators } = readGraph(file);
  return operators.map(({ code }) => codes[code]?.name ?? '');
}

/** Both on the kernels that the engine takes, bit for bit. */
function assertSame(
  original: Uint8Array,
  rewritten: Uint8Array,
  inputSets: readonly (readonly (Uint8Array | Int8Array)[])[],
): void {
  const [expected, found] = [original, rewritten].map((file) =>
    runModel(file, litert('xnnpack'), inputSets),
  );
  const values = expected?.flat(2) ?? [];
  assert.ok(new Set(values).size > 20, 'the outputs say nothing');
  const isSame = Buffer.from(found?.flat(2) ?? []).equals(Buffer.from(values));
  assert.ok(isSame, 'the outputs differ');
}

describe('foldColumns', { skip: noLitert }, () => {
  const wishes: Readonly<Record<string, StemWish>> = {
    'padding "same"': STEM,
    'padding "same" over an odd number of rows': { ...STEM, picture: [11, 12, 3] },
    'no padding': { ...STEM, padding: [0, 0, 0, 0] },
    'a row and a column of padding, as YOLOv8 begins': { ...STEM, padding: [1, 1, 1, 1] },
    'a kernel of six with padding of two, as YOLOv5 begins': {
      ...STEM,
      ...{ kernel: [6, 6], padding: [2, 2, 2, 2] },
    },
    'a kernel of five, padding "same"': { ...STEM, kernel: [5, 5] },
    'four channels': { ...STEM, picture: [10, 12, 4] },
    'one channel, every third column': { ...STEM, picture: [10, 12, 1], strides: [1, 3] },
    'one picture row': { ...STEM, picture: [1, 12, 3], kernel: [1, 3] },
  };
  for (const [name, wish] of Object.entries(wishes)) {
    it(`changes no bit of a layer's output: ${name}`, () => {
      const original = tinyGraph(stem(wish));
      const folded = foldColumns(original, BLOCK);
      assert.ok(folded);
      const names = operatorsOf(folded);
      assert.deepEqual([names[0], names.at(-1)], ['RESHAPE', 'CONV_2D']);
      const length = wish.picture.reduce((product, size) => product * size, 1);
      assertSame(
        original,
        folded,
        Array.from({ length: RUNS }, () => [bytes(length)]),
      );
    });
  }

  const refusals: Readonly<Record<string, StemWish>> = {
    'steps over no column': { ...STEM, strides: [2, 1] },
    'has a width that the stride does not divide': { ...STEM, picture: [10, 13, 3] },
    'has whole blocks of channels': { ...STEM, picture: [10, 12, 8] },
  };
  for (const [name, wish] of Object.entries(refusals)) {
    it(`leaves a layer alone that ${name}`, () => {
      assert.equal(foldColumns(tinyGraph(stem(wish)), BLOCK), null);
    });
  }

  it('leaves a layer alone where the kernels have blocks of four', () => {
    assert.equal(foldColumns(tinyGraph(stem(STEM)), 4), null);
  });

  it('keeps a PAD that something else needs as well', () => {
    const wish = stem({ ...STEM, padding: [1, 1, 2, 2] });
    const shared = tinyGraph({ ...wish, outputs: [3, 4] });
    const folded = foldColumns(shared, BLOCK);
    assert.ok(folded);
    assert.deepEqual(operatorsOf(folded), ['PAD', 'RESHAPE', 'CONV_2D']);
    assertSame(shared, folded, [[bytes(360)]]);
  });

  it('folds no more weights than a detector has', () => {
    const { tensors, operators, ...rest } = stem(STEM);
    const channels = 8000;
    const [picture, weights, bias, output] = tensors as [
      TensorWish,
      TensorWish,
      TensorWish,
      TensorWish,
    ];
    const wide = [
      picture,
      {
        ...weights,
        shape: [channels, 3, 3, 3],
        scales: [0.01],
        data: bytes(channels * 27).map((v) => Math.max(v, -127)),
      },
      { ...bias, shape: [channels], scales: [0.0004], data: new Int32Array(channels) },
    ];
    const layers = Array.from({ length: 6 }, (_, i) => 3 + i);
    const file = tinyGraph({
      tensors: [...wide, ...layers.map(() => ({ ...output, shape: [1, 5, 6, channels] }))],
      operators: layers.flatMap((to) => operators.map((one) => ({ ...one, outputs: [to] }))),
      ...{ ...rest, outputs: layers },
    });
    const folded = foldColumns(file, BLOCK);
    assert.ok(folded && folded.length < file.length + (2 << 20));
    const count = operatorsOf(folded).filter((name) => name === 'RESHAPE').length;
    assert.ok(count > 0 && count < layers.length, `${count} folded`);
  });
});

const LEVEL = { ...int8, shape: [1, 3, 4, 2] };
const shapeOf = (shape: readonly number[]): TensorWish => ({
  ...{ type: TYPE.int32, shape: [shape.length] },
  data: Int32Array.from(shape),
});
const pack = (
  inputs: readonly number[],
  output: number,
  axis: number,
): GraphWish['operators'][0] => ({
  ...{ builtin: PACK, version: 2, inputs, outputs: [output] },
  options: { type: 59, fields: [{ int32: inputs.length }, { int32: axis }] },
});

/** A level of a feature pyramid enlarged to twice its width and height, or with other axes. */
function enlarged(
  axes: readonly [number, number] = [3, 2],
  last: Partial<TensorWish> = {},
): GraphWish {
  const twice = [1, 6, 8, 2];
  return {
    tensors: [
      LEVEL,
      { ...int8, shape: [1, 3, 4, 2, 2] },
      { ...int8, shape: [1, 3, 2, 4, 2, 2] },
      shapeOf(twice),
      { ...int8, shape: twice, ...last },
    ],
    operators: [
      pack([0, 0], 1, axes[0]),
      pack([1, 1], 2, axes[1]),
      { builtin: RESHAPE, inputs: [2, 3], outputs: [4] },
    ],
    inputs: [0],
    outputs: [4],
  };
}

describe('concatenatePacks', { skip: noLitert }, () => {
  const axes: readonly (readonly [number, number])[] = [
    ...([
      [3, 2],
      [-2, -4],
      [3, 3],
      [2, 1],
    ] as const),
  ];
  for (const pair of axes) {
    it(`moves the same values where PACK makes axes ${pair}`, () => {
      const original = tinyGraph(enlarged(pair));
      const joined = concatenatePacks(original);
      assert.ok(joined);
      assert.deepEqual(operatorsOf(joined), ['CONCATENATION', 'CONCATENATION', 'RESHAPE']);
      assertSame(
        original,
        joined,
        Array.from({ length: RUNS }, () => [bytes(24)]),
      );
    });
  }

  it('keeps a PACK behind which the axis it made counts', () => {
    const graph = enlarged();
    const [first, second] = graph.operators;
    assert.ok(first && second);
    const seen = { ...graph, operators: [first, second], outputs: [2] };
    assert.equal(concatenatePacks(tinyGraph(seen)), null);
    // The second one would take the axes of the first one apart.
    const apart = enlarged([2, 4]);
    assert.deepEqual(operatorsOf(concatenatePacks(tinyGraph(apart)) ?? new Uint8Array(0)), [
      'PACK',
      'CONCATENATION',
      'RESHAPE',
    ]);
  });

  it('keeps a PACK whose result is packed with that of another operator', () => {
    const graph = enlarged();
    const packed = graph.tensors[1] ?? LEVEL;
    const joined = concatenatePacks(
      tinyGraph({
        ...graph,
        tensors: [...graph.tensors, packed],
        operators: [pack([0, 0], 1, 3), pack([1, 5], 2, 2), ...graph.operators.slice(2)],
        inputs: [0, 5],
      }),
    );
    assert.deepEqual(operatorsOf(joined ?? new Uint8Array(0)), [
      'PACK',
      'CONCATENATION',
      'RESHAPE',
    ]);
  });

  it('keeps a PACK of tensors in different scales', () => {
    const graph = enlarged();
    const tensors = graph.tensors.map((one, i) => (i === 1 ? { ...one, scale: 0.5 } : one));
    assert.equal(concatenatePacks(tinyGraph({ ...graph, tensors })), null);
  });
});

describe('skipReshapes', { skip: noLitert }, () => {
  const shapes = [
    [1, 3, 1, 4, 1, 2],
    [1, 12, 2],
    [1, 24],
  ];
  const graph: GraphWish = {
    tensors: [
      LEVEL,
      ...shapes.map((shape) => ({ ...int8, shape })),
      ...shapes.map((shape) => shapeOf(shape)),
    ],
    operators: [0, 1, 2].map((i) => ({
      ...{ builtin: RESHAPE, inputs: [i, i + 4], outputs: [i + 1] },
    })),
    inputs: [0],
    outputs: [3],
  };

  it('leaves of RESHAPE operators in a row the last one', () => {
    const original = tinyGraph(graph);
    const direct = skipReshapes(original);
    assert.ok(direct);
    assert.deepEqual(operatorsOf(direct), ['RESHAPE']);
    assertSame(
      original,
      direct,
      Array.from({ length: RUNS }, () => [bytes(24)]),
    );
  });

  it('keeps one whose result is given out', () => {
    const original = tinyGraph({ ...graph, outputs: [3, 1] });
    const direct = skipReshapes(original);
    assert.ok(direct);
    assert.deepEqual(operatorsOf(direct), ['RESHAPE', 'RESHAPE']);
    assertSame(original, direct, [[bytes(24)]]);
  });

  it('leaves a single one alone', () => {
    const single = { ...graph, operators: graph.operators.slice(0, 1), outputs: [1] };
    assert.equal(skipReshapes(tinyGraph(single)), null);
  });
});

describe('engineForm', { skip: noLitert || noReferenceData }, () => {
  for (const model of ['yolov5n_640_uint8io', 'yolov8n_224_int8io']) {
    it(`changes no bit of what ${model} gives out`, () => {
      const original = new Uint8Array(readFileSync(referencePath(`models/${model}.tflite`)));
      const rewritten = engineForm(original, 'x64');
      assert.ok(rewritten);
      const { inputs, tensors } = readGraph(original);
      const shape = tensors[inputs[0] ?? -1]?.shape ?? [];
      const length = shape.reduce((product, size) => product * size, 1);
      const pictures = Array.from({ length: 2 }, () => [new Uint8Array(bytes(length).buffer)]);
      assertSame(original, rewritten, pictures);
    });
  }
});
