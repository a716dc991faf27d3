import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Graph } from '../../src/models/quantize/graph.js';
import { readGraph } from '../../src/models/quantize/read-graph.js';
import { summarise } from '../../src/models/quantize/report.js';
import { rewriteModel } from '../../src/models/quantize/rewrite.js';
import {
  type GraphWish,
  type OperatorWish,
  type TensorWish,
  TYPE,
  tinyGraph,
} from '../helpers/tiny-graph.js';

const FLOATS: TensorWish = { shape: [1, 4, 4, 2], type: TYPE.float32 };
const WEIGHTS: TensorWish = {
  shape: [2, 1, 1, 2],
  type: TYPE.int8,
  scales: [0.5, 0.25],
  data: Int8Array.of(-127, 2, 3, 127),
};
const BIAS: TensorWish = { shape: [2], type: TYPE.float32, data: Float32Array.of(1, 2) };

function conv(inputs: readonly number[], output: number): OperatorWish {
  const strides = [{}, { int32: 1 }, { int32: 1 }, {}, { int32: 1 }, { int32: 1 }];
  return { builtin: 3, inputs, outputs: [output], options: { type: 1, fields: strides } };
}

/** One layer with these weights. */
function layer(weights: TensorWish): GraphWish {
  return {
    tensors: [FLOATS, weights, BIAS, FLOATS],
    operators: [conv([0, 1, 2], 3)],
    inputs: [0],
    outputs: [3],
  };
}

/** Type and values of the weights that an operator of the graph reads. */
function weightsOf({ operators, tensors, buffers }: Graph, operator = 0): [number, number[]] {
  const tensor = tensors[operators[operator]?.inputs[1] ?? -1];
  const data = (buffers[tensor?.buffer ?? -1]?.data ?? new Uint8Array(0)).slice();
  const isFloat = tensor?.type === TYPE.float32;
  return [tensor?.type ?? -1, [...(isFloat ? new Float32Array(data.buffer) : new Int8Array(data))]];
}

describe('rewriteModel, on a layer with int8 weights between float32 tensors', () => {
  it('writes the weights out as float32, each channel by its scale', () => {
    const { bytes, changed, report } = rewriteModel(tinyGraph(layer(WEIGHTS)));
    assert.ok(changed);
    assert.deepEqual(weightsOf(readGraph(bytes)), [TYPE.float32, [-63.5, 1, 0.75, 31.75]]);
    assert.equal(report.operators[0]?.becomes, 'float32 weights');
    const { changedOperators, conversions, floatLayers, layers } = summarise(report);
    assert.deepEqual([changedOperators, conversions, floatLayers, layers], [1, 0, 1, 0]);
  });

  it('takes the channels from the dimension that the file names', () => {
    const inner = { ...WEIGHTS, shape: [1, 1, 2, 2], dimension: 3 };
    const graph = readGraph(rewriteModel(tinyGraph(layer(inner))).bytes);
    assert.deepEqual(weightsOf(graph)[1], [-63.5, 0.5, 1.5, 31.75]);
  });

  it('takes one scale for all', () => {
    const graph = readGraph(rewriteModel(tinyGraph(layer({ ...WEIGHTS, scales: [2] }))).bytes);
    assert.deepEqual(weightsOf(graph)[1], [-254, 4, 6, 254]);
  });

  it('writes weights that layers share once', () => {
    const { bytes } = rewriteModel(
      tinyGraph({
        tensors: [FLOATS, WEIGHTS, BIAS, FLOATS, FLOATS],
        operators: [conv([0, 1, 2], 3), conv([3, 1, 2], 4)],
        inputs: [0],
        outputs: [4],
      }),
    );
    const graph = readGraph(bytes);
    assert.equal(graph.tensors.length, 5);
    assert.equal(graph.operators[0]?.inputs[1], graph.operators[1]?.inputs[1]);
    assert.equal(weightsOf(graph)[0], TYPE.float32);
  });

  it('leaves the weights as they are for whoever else reads them', () => {
    const { bytes } = rewriteModel(
      tinyGraph({
        tensors: [FLOATS, WEIGHTS, BIAS, FLOATS, FLOATS],
        operators: [
          conv([0, 1, 2], 3),
          { builtin: 32, name: 'Mystery', inputs: [3, 1], outputs: [4] },
        ],
        inputs: [0],
        outputs: [4],
      }),
    );
    const graph = readGraph(bytes);
    assert.equal(weightsOf(graph, 0)[0], TYPE.float32);
    assert.deepEqual(weightsOf(graph, 1), [TYPE.int8, [-127, 2, 3, 127]]);
  });

  for (const [what, weights] of Object.entries({
    'a zero point': { ...WEIGHTS, zeroPoint: 3 },
    'fewer scales than channels': { ...WEIGHTS, shape: [4, 1, 1, 1] },
    'no scale': { shape: WEIGHTS.shape, type: TYPE.int8, data: Int8Array.of(1, 2, 3, 4) },
    'a scale that is no number': { ...WEIGHTS, scales: [1, Number.POSITIVE_INFINITY] },
    'fewer values than their shape says': { ...WEIGHTS, data: Int8Array.of(1) },
    'values that are computed': { shape: WEIGHTS.shape, type: TYPE.int8, scales: [1] },
  } satisfies Record<string, TensorWish>)) {
    it(`leaves weights alone that have ${what}`, () => {
      const file = tinyGraph(layer(weights));
      const { bytes, changed } = rewriteModel(file);
      assert.equal(changed, false);
      assert.equal(bytes, file);
    });
  }
});
