import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encode } from 'flatbuffers/js/flexbuffers.js';
import { foldDetectionHead } from '../../src/models/quantize/detection-head.js';
import { headOptions } from '../../src/models/quantize/head-options.js';
import { readGraph } from '../../src/models/quantize/read-graph.js';
import { litert, noLitert } from '../helpers/litert-library.js';
import { runModel } from '../helpers/run-model.js';
import { seededInteger, seededRandom } from '../helpers/seeded-random.js';
import { type TensorWish, TYPE, tinyGraph } from '../helpers/tiny-graph.js';

const DEQUANTIZE = 6;
const LOGISTIC = 14;
const CUSTOM = 32;
const POSTPROCESS = 'TFLite_Detection_PostProcess';

interface HeadWish {
  readonly anchors: number;
  readonly classes: number;
  readonly hasBackground: boolean;
  /** Where scores are made of logits; null: they come as they are. */
  readonly logistic: 'int8' | 'float32' | null;
  readonly options?: Readonly<Record<string, number | boolean>>;
}

const SMALL: HeadWish = { anchors: 40, classes: 3, hasBackground: true, logistic: 'int8' };

/** The end of a detector: int8 encodings and scores come in, detections go out. */
function detectorEnd(wish: HeadWish, seed = 1): Uint8Array<ArrayBuffer> {
  const { anchors, classes, hasBackground, logistic } = wish;
  const scores = { shape: [1, anchors, classes + (hasBackground ? 1 : 0)] };
  const boxes = { shape: [1, anchors, 4] };
  const real = { type: TYPE.float32 };
  const int8 = { type: TYPE.int8 };
  const random = seededRandom(seed);
  const anchorValues = Float32Array.from({ length: anchors * 4 }, () => 0.1 + 0.8 * random());
  const results = [[1, 10, 4], [1, 10], [1, 10], [1]];
  const probabilities: TensorWish =
    logistic === 'float32'
      ? { ...scores, ...real }
      : { ...scores, ...int8, scale: 1 / 256, zeroPoint: -128 };
  const logits =
    logistic === null ? probabilities : { ...scores, ...int8, scale: 0.07, zeroPoint: 40 };
  const options = {
    ...{ max_detections: 10, max_classes_per_detection: 1, num_classes: classes },
    ...{ nms_score_threshold: 0.01, nms_iou_threshold: 0.51, use_regular_nms: false },
    ...{ y_scale: 10.0, x_scale: 10.0, h_scale: 5.0, w_scale: 5.0 },
    ...wish.options,
  };
  const tensors = [
    { ...boxes, ...int8, scale: 0.06, zeroPoint: 5 },
    logits,
    { ...boxes, ...real },
    probabilities,
    { ...scores, ...real },
    { shape: [anchors, 4], ...real, data: anchorValues },
    ...results.map((shape) => ({ shape, ...real })),
  ];
  const toScores = {
    int8: [
      { builtin: LOGISTIC, version: 2, inputs: [1], outputs: [3] },
      { builtin: DEQUANTIZE, version: 2, inputs: [3], outputs: [4] },
    ],
    float32: [
      { builtin: DEQUANTIZE, version: 2, inputs: [1], outputs: [3] },
      { builtin: LOGISTIC, inputs: [3], outputs: [4] },
    ],
    none: [{ builtin: DEQUANTIZE, version: 2, inputs: [1], outputs: [4] }],
  };
  return tinyGraph({
    tensors,
    operators: [
      { builtin: DEQUANTIZE, version: 2, inputs: [0], outputs: [2] },
      ...toScores[logistic ?? 'none'],
      {
        builtin: CUSTOM,
        name: POSTPROCESS,
        inputs: [2, 4, 5],
        outputs: [6, 7, 8, 9],
        customOptions: new Uint8Array(encode(options)),
      },
    ],
    inputs: [0, 1],
    outputs: [6, 7, 8, 9],
  });
}

/** Bytes as they come out of a last layer; few of `variety` values make many equal scores. */
function randomInputs({ anchors, classes, hasBackground }: HeadWish, seed: number): Int8Array[] {
  const random = seededRandom(seed);
  const variety = [256, 40, 4, 1][seed % 4] ?? 256;
  const bytes = (length: number): Int8Array =>
    Int8Array.from({ length }, () => seededInteger(random, variety) * (256 / variety) - 128);
  return [bytes(anchors * 4), bytes(anchors * (classes + (hasBackground ? 1 : 0)))];
}

/** Infinity where there are not as many. */
function farthest(found: readonly number[], expected: readonly number[] = []): number {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY;
  return Math.max(0, ...found.map((value, i) => Math.abs(value - (expected[i] ?? 0))));
}

function operatorsOf(bytes: Uint8Array): string[] {
  const { codes, operators } = readGraph(bytes);
  return operators.map(({ code }) => codes[code]?.name ?? '');
}

/** The valid slots of the results, as the others hold anything. */
function validOf([boxes = [], classes = [], scores = [], [count = 0] = []]: number[][]): Record<
  'boxes' | 'classes' | 'scores',
  number[]
> {
  return {
    boxes: boxes.slice(0, count * 4),
    classes: classes.slice(0, count),
    scores: scores.slice(0, count),
  };
}

describe('foldDetectionHead', { skip: noLitert }, () => {
  const wishes: HeadWish[] = [
    SMALL,
    { ...SMALL, logistic: 'float32' },
    { ...SMALL, logistic: null },
    { ...SMALL, hasBackground: false, classes: 1 },
    { ...SMALL, classes: 90, anchors: 300 },
    { ...SMALL, anchors: 5 },
    { ...SMALL, options: { nms_score_threshold: 1e-8, nms_iou_threshold: 0.9 } },
    { ...SMALL, options: { nms_score_threshold: 0.97 } },
    { ...SMALL, options: { nms_iou_threshold: 0.01 } },
  ];
  for (const [number, wish] of wishes.entries()) {
    it(`finds what TensorFlow Lite's operator finds (${number + 1})`, () => {
      const original = detectorEnd(wish);
      const folded = foldDetectionHead(original);
      assert.ok(folded);
      assert.deepEqual(operatorsOf(folded), ['LookoutDetectionHead']);
      const inputs = Array.from({ length: 40 }, (_, seed) => randomInputs(wish, seed));
      const expected = runModel(original, litert('builtin'), inputs).map(validOf);
      const found = runModel(folded, litert('xnnpack'), inputs).map(validOf);
      for (const [i, { boxes, classes, scores }] of found.entries()) {
        const wanted = expected[i];
        assert.deepEqual(classes, wanted?.classes);
        assert.ok(farthest(scores, wanted?.scores) < 1e-6);
        assert.ok(farthest(boxes, wanted?.boxes) < 1e-5);
      }
      const counts = new Set(found.map(({ scores }) => scores.length));
      assert.ok(counts.size > 1 || !counts.has(0), 'nothing was found in anything');
    });
  }

  it('leaves a head alone that suppresses overlaps in another way', () => {
    for (const options of [
      { use_regular_nms: true },
      { max_classes_per_detection: 3 },
      { max_detections: 100_000 },
      { y_scale: 0 },
      { nms_iou_threshold: 0 },
      { num_classes: 1 },
    ]) {
      assert.equal(foldDetectionHead(detectorEnd({ ...SMALL, options })), null);
    }
  });

  it('leaves a graph without such a head alone', () => {
    const tensor = { shape: [4], type: TYPE.int8, scale: 1, zeroPoint: 0 };
    const graph = tinyGraph({
      tensors: [tensor, { shape: [4], type: TYPE.float32 }],
      operators: [{ builtin: DEQUANTIZE, version: 2, inputs: [0], outputs: [1] }],
      inputs: [0],
      outputs: [1],
    });
    assert.equal(foldDetectionHead(graph), null);
  });
});

describe('LookoutDetectionHead', { skip: noLitert }, () => {
  const right = {
    ...{ scoresPerAnchor: 4, firstClass: 1, maxDetections: 10, boxScale: 0.1, boxZeroPoint: 0 },
    ...{ scales: { y: 10, x: 10, h: 5, w: 5 }, maxOverlap: 0.5, minScore: 0.1 },
    scores: new Float32Array(256),
    anchors: new Float32Array(40 * 4),
  };
  const graphWith = (customOptions: Uint8Array): Uint8Array<ArrayBuffer> =>
    tinyGraph({
      tensors: [
        { shape: [1, 40, 4], type: TYPE.int8, scale: 0.1, zeroPoint: 0 },
        { shape: [1, 40, 4], type: TYPE.int8, scale: 0.1, zeroPoint: 0 },
        ...[[1, 10, 4], [1, 10], [1, 10], [1]].map((shape) => ({ shape, type: TYPE.float32 })),
      ],
      operators: [
        {
          ...{ builtin: CUSTOM, name: 'LookoutDetectionHead', customOptions },
          ...{ inputs: [0, 1], outputs: [2, 3, 4, 5] },
        },
      ],
      inputs: [0, 1],
      outputs: [2, 3, 4, 5],
    });
  const inputs = [[new Int8Array(160), new Int8Array(160)]];

  /** Lengths of the outputs: LiteRT leaves them without a shape where an operator refuses. */
  const lengthsWith = (options: Uint8Array): number[] =>
    (runModel(graphWith(options), litert('xnnpack'), inputs)[0] ?? []).map(({ length }) => length);

  it('gives no results with options that do not fit its tensors or themselves', () => {
    assert.deepEqual(lengthsWith(headOptions(right)), [40, 10, 10, 1]);
    const wrong = {
      empty: new Uint8Array(0),
      short: headOptions(right).subarray(0, 700),
      'fewer anchors': headOptions({ ...right, anchors: new Float32Array(39 * 4) }),
      'more anchors': headOptions({ ...right, anchors: new Float32Array(41 * 4) }),
      'more classes': headOptions({ ...right, scoresPerAnchor: 5 }),
      'no class': headOptions({ ...right, firstClass: 4 }),
      'no detections': headOptions({ ...right, maxDetections: 0 }),
      'more detections than it gives': headOptions({ ...right, maxDetections: 2 ** 31 }),
      'a scale of 0': headOptions({ ...right, scales: { ...right.scales, h: 0 } }),
    };
    for (const [name, options] of Object.entries(wrong)) {
      assert.deepEqual(lengthsWith(options), [1, 1, 1, 1], name);
    }
  });
});
