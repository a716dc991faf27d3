import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EngineChoice } from '../../src/domain/engine.js';
import { builtinOperatorName } from '../../src/models/operator-names.js';
import { rewriteModel } from '../../src/models/quantize/rewrite.js';
import type { Field } from '../helpers/flat-builder.js';
import { litert, noLitert } from '../helpers/litert-library.js';
import { runModel } from '../helpers/run-model.js';
import { seededRandom } from '../helpers/seeded-random.js';
import { TYPE, tinyGraph } from '../helpers/tiny-graph.js';

const INPUT = { shape: [1, 6, 8, 4], type: TYPE.float32 };
const INPUT_VALUES = 192;
const ONE = { int32: 1 };
const CODES = Array.from({ length: 150 }, (_, code) => builtinOperatorName(code));

interface Layer {
  readonly shape: readonly number[];
  /** Of the weights, along which each slice has a scale of its own; null: one for all. */
  readonly dimension: number | null;
  readonly output: readonly number[];
  readonly options: { readonly type: number; readonly fields: readonly Field[] };
}

const LAYERS: Record<string, Layer> = {
  CONV_2D: {
    shape: [7, 3, 3, 4],
    dimension: 0,
    output: [1, 6, 8, 7],
    options: { type: 1, fields: [{}, ONE, ONE, {}, ONE, ONE] },
  },
  DEPTHWISE_CONV_2D: {
    shape: [1, 3, 3, 8],
    dimension: 3,
    output: [1, 6, 8, 8],
    options: { type: 2, fields: [{}, ONE, ONE, { int32: 2 }, {}, ONE, ONE] },
  },
  FULLY_CONNECTED: {
    shape: [9, INPUT_VALUES],
    dimension: null,
    output: [1, 9],
    options: { type: 8, fields: [] },
  },
};

interface RandomLayer {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Sum of the weights' amounts of the channel where it is greatest. */
  readonly greatestSum: number;
}

function randomLayer(name: string, layer: Layer, random: () => number): RandomLayer {
  const { shape, dimension, output, options } = layer;
  const channelAt = dimension ?? 0;
  const channels = shape[channelAt] ?? 1;
  const count = shape.reduce((product, size) => product * size, 1);
  const data = Int8Array.from({ length: count }, () => Math.round((2 * random() - 1) * 127));
  const scales = Array.from({ length: dimension === null ? 1 : channels }, () => 0.01 * random());
  const perSlice = shape.slice(channelAt + 1).reduce((product, size) => product * size, 1);
  const sums = new Float64Array(channels);
  data.forEach((value, i) => {
    const channel = Math.floor(i / perSlice) % channels;
    const scale = scales[dimension === null ? 0 : channel] ?? 0;
    sums[channel] = (sums[channel] ?? 0) + Math.abs(value * scale);
  });
  const bias = Float32Array.from({ length: channels }, () => 2 * random() - 1);
  const bytes = tinyGraph({
    tensors: [
      INPUT,
      { shape, type: TYPE.int8, scales, dimension: channelAt, data },
      { shape: [channels], type: TYPE.float32, data: bias },
      { shape: output, type: TYPE.float32 },
    ],
    operators: [
      { builtin: CODES.indexOf(name), version: 3, inputs: [0, 1, 2], outputs: [3], options },
    ],
    inputs: [0],
    outputs: [3],
  });
  return { bytes, greatestSum: Math.max(...sums) };
}

const ENGINES: Record<string, EngineChoice> = {
  'LiteRT builtin': litert('builtin'),
  'LiteRT XNNPACK': litert('xnnpack'),
};

for (const [engineName, engine] of Object.entries(ENGINES)) {
  describe(`a layer of dynamic range as float32 in ${engineName}`, { skip: noLitert }, () => {
    for (const [name, layer] of Object.entries(LAYERS)) {
      it(`computes ${name} up to the rounding of activations that it leaves out`, () => {
        const random = seededRandom(name.length);
        for (let run = 0; run < 10; run++) {
          const { bytes, greatestSum } = randomLayer(name, layer, random);
          const { bytes: rewritten, report } = rewriteModel(bytes);
          assert.equal(report.operators[0]?.becomes, 'float32 weights');
          const input = Float32Array.from({ length: INPUT_VALUES }, () => 6 * random() - 3);
          const [before, after] = [
            runModel(bytes, litert('builtin'), [[input]]),
            runModel(rewritten, engine, [[input]]),
          ].map(([outputs]) => outputs?.[0] ?? []);
          assert.ok(before && after && new Set(after).size > 5);
          // The hybrid kernel takes activations in steps of their greatest amount through 127.
          const step = input.reduce((max, value) => Math.max(max, Math.abs(value)), 0) / 127;
          const bound = (step / 2) * greatestSum * 1.001;
          const worst = Math.max(...before.map((value, i) => Math.abs(value - (after[i] ?? 0))));
          assert.ok(worst > 0 && worst <= bound, `off by ${worst}, expected ${bound} at most`);
        }
      });
    }
  });
}
