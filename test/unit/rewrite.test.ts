import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseModelFile } from '../../src/models/model-file.js';
import type { Graph } from '../../src/models/quantize/graph.js';
import { readGraph } from '../../src/models/quantize/read-graph.js';
import { summarise } from '../../src/models/quantize/report.js';
import { rewriteModel } from '../../src/models/quantize/rewrite.js';
import { seededInteger, seededRandom } from '../helpers/seeded-random.js';
import { type GraphWish, type OperatorWish, TYPE, tinyGraph } from '../helpers/tiny-graph.js';

const PIXELS = { shape: [1, 4, 4, 2], scale: 0.5, zeroPoint: 100 };
const FINER = { ...PIXELS, scale: 0.25 };
const WEIGHTS = {
  shape: [2, 1, 1, 2],
  scale: 0.1,
  zeroPoint: 120,
  data: Uint8Array.of(1, 2, 3, 4),
};
const BIAS = { shape: [2], type: TYPE.int32, scale: 0.05, data: Int32Array.of(1000, -9) };

function conv(inputs: readonly number[], output: number): OperatorWish {
  return { builtin: 3, inputs, outputs: [output], options: { type: 1, fields: strides } };
}
const strides = [{}, { int32: 1 }, { int32: 1 }, {}, { int32: 1 }, { int32: 1 }];

function custom(inputs: readonly number[], output: number): OperatorWish {
  return { builtin: 32, name: 'Mystery', inputs, outputs: [output] };
}

/** One layer: input 0, weights 1, bias 2, output 3. */
const LAYER: GraphWish = {
  tensors: [PIXELS, WEIGHTS, BIAS, PIXELS],
  operators: [conv([0, 1, 2], 3)],
  inputs: [0],
  outputs: [3],
};

function rewrittenGraph(wish: GraphWish): Graph {
  const { bytes, changed } = rewriteModel(tinyGraph(wish));
  assert.ok(changed);
  return readGraph(bytes);
}

/** The operators in order, each with the types of its tensors; `-` for one that is absent. */
function story({ codes, operators, tensors }: Graph): string[] {
  const names = Object.entries(TYPE);
  const typeOf = (index: number): string =>
    names.find(([, type]) => type === tensors[index]?.type)?.[0] ?? '-';
  return operators.map(({ code, inputs, outputs }) => {
    const [from, to] = [inputs, outputs].map((list) => list.map(typeOf).join(' '));
    return `${codes[code]?.name}: ${from} → ${to}`;
  });
}

const CONVERT_IN = ['DEQUANTIZE: uint8 → float32', 'QUANTIZE: float32 → int8'];
const CONVERT_OUT = ['DEQUANTIZE: int8 → float32', 'QUANTIZE: float32 → uint8'];
const INT8_CONV = 'CONV_2D: int8 int8 int32 → int8';

describe('rewriteModel', () => {
  it('changes a layer and neither what goes into the model nor what comes out', () => {
    const file = tinyGraph(LAYER);
    const { bytes, report } = rewriteModel(file);
    assert.deepEqual(story(readGraph(bytes)), [...CONVERT_IN, INT8_CONV, ...CONVERT_OUT]);
    const [before, after] = [parseModelFile(file), parseModelFile(bytes)];
    assert.deepEqual(after.inputs, before.inputs);
    assert.deepEqual(after.outputs, before.outputs);
    assert.deepEqual(after.outputTensors, before.outputTensors);
    assert.deepEqual(summarise(report), {
      operators: 1,
      changedOperators: 1,
      conversions: 4,
      floatLayers: 0,
      layers: 1,
      channels: 2,
      exactChannels: 2,
      maxFactor: 1,
    });
  });

  it('raises the version of an operator that takes int8 in a later one only', () => {
    const versions = rewrittenGraph(LAYER).codes.map(({ name, version }) => [name, version]);
    assert.deepEqual(versions, [
      ['CONV_2D', 3],
      ['DEQUANTIZE', 2],
      ['QUANTIZE', 1],
    ]);
  });

  it('finds nothing more to do in its own work', () => {
    const { bytes } = rewriteModel(tinyGraph(LAYER));
    const again = rewriteModel(bytes);
    assert.equal(again.changed, false);
    assert.equal(again.bytes, bytes);
  });

  it('leaves what it does not know between conversions', () => {
    const graph = rewrittenGraph({
      tensors: [PIXELS, WEIGHTS, BIAS, PIXELS, PIXELS, PIXELS],
      operators: [conv([0, 1, 2], 3), custom([3], 4), conv([4, 1, 2], 5)],
      inputs: [0],
      outputs: [5],
    });
    assert.deepEqual(story(graph), [
      ...CONVERT_IN,
      INT8_CONV,
      ...CONVERT_OUT,
      'Mystery: uint8 → uint8',
      ...CONVERT_IN,
      INT8_CONV,
      ...CONVERT_OUT,
    ]);
  });

  it('leaves a model alone that has no layer to gain from', () => {
    const reshape: OperatorWish = { builtin: 22, inputs: [0], outputs: [1] };
    const file = tinyGraph({
      tensors: [PIXELS, PIXELS],
      operators: [reshape],
      inputs: [0],
      outputs: [1],
    });
    const { bytes, changed, report } = rewriteModel(file);
    assert.equal(changed, false);
    assert.equal(bytes, file);
    assert.equal(report.operators[0]?.reason, 'no layer with weights is near');
  });

  it('takes a QUANTIZE that only moves the zero point by way of float32', () => {
    const int8 = { ...PIXELS, type: TYPE.int8, zeroPoint: PIXELS.zeroPoint - 128 };
    const quantize = (from: number, to: number): OperatorWish => ({
      ...{ builtin: 114, inputs: [from], outputs: [to] },
    });
    const wish: GraphWish = {
      tensors: [PIXELS, int8, int8, PIXELS],
      operators: [quantize(0, 1), { ...custom([1], 2) }, quantize(2, 3)],
      inputs: [0],
      outputs: [3],
    };
    const between = 'Mystery: int8 → int8';
    assert.deepEqual(story(rewrittenGraph(wish)), [...CONVERT_IN, between, ...CONVERT_OUT]);
    for (const other of [
      { ...int8, scale: 0.25 },
      { ...int8, zeroPoint: 0 },
    ]) {
      const tensors = [PIXELS, other, other, PIXELS];
      assert.equal(rewriteModel(tinyGraph({ ...wish, tensors })).changed, false);
    }
  });

  it('gives shared weights a bias for each input scale', () => {
    const graph = rewrittenGraph({
      tensors: [PIXELS, WEIGHTS, BIAS, PIXELS, FINER, FINER],
      operators: [conv([0, 1, 2], 3), conv([4, 1, 2], 5)],
      inputs: [0, 4],
      outputs: [3, 5],
    });
    const layers = graph.operators.filter(({ code }) => graph.codes[code]?.name === 'CONV_2D');
    const [one, other] = layers.map(({ inputs }) => inputs);
    assert.equal(one?.[1], other?.[1], 'the weights are there twice');
    const scales = [one, other].map((inputs) => biasOf(graph, inputs?.[2] ?? -1).scales[0]);
    assert.ok(Math.abs((scales[0] ?? 0) - 0.05) < 1e-6, `${scales[0]}`);
    assert.ok(Math.abs((scales[1] ?? 0) - 0.025) < 1e-6, `${scales[1]}`);
    for (const inputs of [one, other]) {
      assert.deepEqual(biasOf(graph, inputs?.[2] ?? -1).values, [1000, -9]);
    }
  });

  it('widens a channel whose weights do not fit, and its bias with it', () => {
    const wide = { ...WEIGHTS, zeroPoint: 1, data: Uint8Array.of(255, 1, 128, 0) };
    const file = tinyGraph({ ...LAYER, tensors: [PIXELS, wide, BIAS, PIXELS] });
    const { bytes, report } = rewriteModel(file);
    const graph = readGraph(bytes);
    const weights = new Int8Array(graph.buffers[graph.tensors[1]!.buffer]!.data);
    assert.deepEqual([...weights], [127, 0, 127, -1]);
    assert.deepEqual(biasOf(graph, 2).values, [500, -9]);
    assert.deepEqual(report.operators[0]?.weights?.exactChannels, 1);
    assert.equal(report.operators[0]?.weights?.maxFactor, 2);
  });

  it('keeps the old form of a constant that something else needs', () => {
    const graph = rewrittenGraph({
      tensors: [PIXELS, WEIGHTS, BIAS, PIXELS, { ...PIXELS, shape: [2, 1, 1, 2] }],
      operators: [conv([0, 1, 2], 3), custom([1], 4)],
      inputs: [0],
      outputs: [3, 4],
    });
    const { tensors, buffers, operators } = graph;
    const layer = operators[CONVERT_IN.length];
    assert.equal(tensors[1]?.type, TYPE.uint8);
    assert.deepEqual(buffers[tensors[1].buffer]?.data, WEIGHTS.data);
    const copy = tensors[layer?.inputs[1] ?? -1];
    assert.deepEqual([...new Int8Array(buffers[copy!.buffer]!.data)], [-119, -118, -117, -116]);
  });

  it('keeps two tensors apart that share a buffer', () => {
    const graph = rewrittenGraph({
      tensors: [PIXELS, WEIGHTS, BIAS, PIXELS, { ...WEIGHTS, zeroPoint: 3, bufferOf: 1 }, PIXELS],
      operators: [conv([0, 1, 2], 3), conv([3, 4, 2], 5)],
      inputs: [0],
      outputs: [5],
    });
    const values = graph.operators
      .filter(({ code }) => graph.codes[code]?.name === 'CONV_2D')
      .map(({ inputs }) => graph.tensors[inputs[1]!]!.buffer)
      .map((buffer) => [...new Int8Array(graph.buffers[buffer]!.data)]);
    assert.deepEqual(values, [
      [-119, -118, -117, -116],
      [-2, -1, 0, 1],
    ]);
  });

  it('leaves what another graph of the file may use', () => {
    const file = tinyGraph({ ...LAYER, otherTensors: [{ ...WEIGHTS, bufferOf: 1 }] });
    const graph = readGraph(rewriteModel(file).bytes);
    const [other] = graph.others[0]?.tables(0) ?? [];
    assert.deepEqual(graph.buffers[other?.uint32(2) ?? -1]?.data, WEIGHTS.data);
    assert.deepEqual(story(graph), [...CONVERT_IN, INT8_CONV, ...CONVERT_OUT]);
  });

  it('brings the inputs of a concatenation to the scale of its output, each once', () => {
    const graph = rewrittenGraph({
      tensors: [PIXELS, WEIGHTS, BIAS, PIXELS, FINER, { ...PIXELS, shape: [3, 4, 4, 2] }],
      operators: [
        conv([0, 1, 2], 3),
        conv([0, 1, 2], 4),
        { builtin: 2, inputs: [3, 4, 4], outputs: [5], options: { type: 10, fields: [{}] } },
      ],
      inputs: [0],
      outputs: [5],
    });
    assert.deepEqual(story(graph), [
      ...CONVERT_IN,
      INT8_CONV,
      INT8_CONV,
      'QUANTIZE: int8 → int8',
      'CONCATENATION: int8 int8 int8 → int8',
      ...CONVERT_OUT,
    ]);
  });

  it('leaves layers that it cannot compute with as they are, and says why', () => {
    const variants: readonly [string, GraphWish][] = [
      ['its weights are not constant', withTensor(1, { ...PIXELS, shape: [2, 1, 1, 2] })],
      ['its weights are not constant', withTensor(1, { ...WEIGHTS, shape: [2, 1, 1, 3] })],
      ['its bias is not constant int32', withTensor(2, { ...BIAS, data: Int32Array.of(1) })],
      ['a tensor has no plain uint8 quantisation', withTensor(0, { shape: [1, 4, 4, 2] })],
      ['a tensor has no plain uint8 quantisation', withTensor(0, { ...PIXELS, zeroPoint: 256 })],
      ['a tensor has no plain uint8 quantisation', withTensor(0, { ...PIXELS, isVariable: true })],
      [
        'not all of input, weights and output are uint8',
        withTensor(3, { shape: [1, 4, 4, 2], type: TYPE.float32 }),
      ],
    ];
    for (const [reason, wish] of variants) {
      const { changed, report } = rewriteModel(tinyGraph(wish));
      assert.equal(report.operators[0]?.reason, reason);
      assert.equal(changed, false);
    }
  });

  it('leaves an operator uint8 whose int8 kernel has another output scale', () => {
    const wish = (scale: number, zeroPoint: number): GraphWish => ({
      tensors: [PIXELS, WEIGHTS, BIAS, PIXELS, { ...PIXELS, scale, zeroPoint }],
      operators: [conv([0, 1, 2], 3), { builtin: 14, inputs: [3], outputs: [4] }],
      inputs: [0],
      outputs: [4],
    });
    assert.ok(story(rewrittenGraph(wish(1 / 256, 0))).includes('LOGISTIC: int8 → int8'));
    for (const other of [wish(1 / 256, 1), wish(1 / 128, 0)]) {
      assert.ok(story(rewrittenGraph(other)).includes('LOGISTIC: uint8 → uint8'));
    }
  });

  it('throws nothing but RangeError for 2,000 damaged files, at once and with little memory', () => {
    const whole = tinyGraph({
      tensors: [PIXELS, WEIGHTS, BIAS, PIXELS, FINER, { ...PIXELS, shape: [2, 4, 4, 2] }, PIXELS],
      operators: [
        conv([0, 1, 2], 3),
        conv([0, 1, 2], 4),
        { builtin: 2, inputs: [3, 4], outputs: [5], options: { type: 10, fields: [{}] } },
        custom([5], 6),
      ],
      inputs: [0],
      outputs: [6],
    });
    const before = process.memoryUsage().arrayBuffers;
    const outcomes = { refused: 0, changed: 0 };
    let slowestMs = 0;
    for (let seed = 0; seed < 2_000; seed++) {
      const bytes = damage(whole, seededRandom(seed));
      const begin = performance.now();
      try {
        if (rewriteModel(bytes).changed) outcomes.changed += 1;
      } catch (thrown) {
        assert.ok(thrown instanceof RangeError, `seed ${seed}: ${(thrown as Error).stack}`);
        assert.ok(!thrown.message.includes('\n'));
        outcomes.refused += 1;
      }
      slowestMs = Math.max(slowestMs, performance.now() - begin);
    }
    assert.ok(outcomes.refused > 200 && outcomes.changed > 200, JSON.stringify(outcomes));
    assert.ok(slowestMs < 2_000, `a file took ${slowestMs} ms`);
    assert.ok(process.memoryUsage().arrayBuffers - before < 64 << 20);
  });

  it('refuses a file with more channels than any model has', () => {
    const wide = { ...WEIGHTS, shape: [1_000_001], data: new Uint8Array(1_000_001) };
    const file = tinyGraph({ ...withTensor(1, wide), operators: [conv([0, 1, -1], 3)] });
    assert.throws(() => rewriteModel(file), /^RangeError: more than 1000000 channels$/);
  });

  it('refuses a file that shares its weights out without end', () => {
    const weights = {
      shape: [1024, 1, 1, 64],
      scale: 1,
      zeroPoint: 0,
      data: new Uint8Array(65_536),
    };
    const shared = Array.from({ length: 100 }, (_, i) => ({
      ...weights,
      zeroPoint: i,
      bufferOf: 0,
    }));
    const output = { ...PIXELS, shape: [1, 4, 4, 1024] };
    const file = tinyGraph({
      tensors: [weights, ...shared, PIXELS, ...shared.map(() => output)],
      operators: shared.map((_, i) => conv([101, 1 + i, -1], 102 + i)),
      inputs: [101],
      outputs: shared.map((_, i) => 102 + i),
    });
    assert.throws(() => rewriteModel(file), /share more weights than it has/);
  });
});

function withTensor(index: number, tensor: GraphWish['tensors'][number]): GraphWish {
  return { ...LAYER, tensors: LAYER.tensors.with(index, tensor) };
}

function biasOf(graph: Graph, index: number): { scales: readonly number[]; values: number[] } {
  const tensor = graph.tensors[index]!;
  const source = tensor.source.table(4);
  const { data } = graph.buffers[tensor.buffer]!;
  return { scales: source?.float32s(2) ?? [], values: [...new Int32Array(data.slice().buffer)] };
}

/** Overwrites a few places with values that offsets and lengths do not like. */
function damage(bytes: Uint8Array<ArrayBuffer>, random: () => number): Uint8Array<ArrayBuffer> {
  const damaged = bytes.slice();
  const view = new DataView(damaged.buffer);
  const values = [0, 1, 4, 0x7f, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, damaged.length];
  for (let i = 1 + seededInteger(random, 4); i > 0; i--) {
    const at = seededInteger(random, damaged.length - 4);
    const wild =
      random() < 0.5 ? values[seededInteger(random, values.length)]! : random() * 2 ** 32;
    if (random() < 0.5) view.setUint32(at, wild, true);
    else view.setUint8(at, wild);
  }
  return damaged;
}
