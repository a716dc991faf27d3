import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TensorData, TensorView } from '../../src/detection/interpreter.js';
import { checkPostProcess, readPostProcess } from '../../src/detection/postprocess-layout.js';
import type { PostProcessLayout } from '../../src/domain/detector-model.js';

const OPERATOR_ORDER: PostProcessLayout = {
  kind: 'postprocess',
  boxesIndex: 0,
  classesIndex: 1,
  scoresIndex: 2,
  countIndex: 3,
};

interface Slot {
  readonly classId?: number;
  readonly score?: number;
  /** yMin, xMin, yMax, xMax as the operator writes them. */
  readonly edges?: readonly [number, number, number, number];
}

function tensor(data: TensorData): TensorView {
  return { name: '', shape: [1, data.length], data };
}

function outputsOf(slots: readonly Slot[], count = slots.length): TensorView[] {
  return [
    tensor(Float32Array.from(slots.flatMap(({ edges = [0, 0, 1, 1] }) => [...edges]))),
    tensor(Float32Array.from(slots, ({ classId = 0 }) => classId)),
    tensor(Float32Array.from(slots, ({ score = 0.5 }) => score)),
    tensor(Float32Array.of(count)),
  ];
}

describe('readPostProcess', () => {
  it('reads class, score and the edges in their order', () => {
    const outputs = outputsOf([{ classId: 17, score: 0.75, edges: [0.125, 0.25, 0.5, 0.875] }]);
    assert.deepEqual(readPostProcess(outputs, OPERATOR_ORDER, 0.5), [
      { classId: 17, score: 0.75, box: { yMin: 0.125, xMin: 0.25, yMax: 0.5, xMax: 0.875 } },
    ]);
  });

  it('finds the outputs in whatever order the graph lists them', () => {
    const [boxes, classes, scores, count] = outputsOf([{ classId: 3, score: 0.75 }]);
    const shuffled = [scores, boxes, count, classes] as TensorView[];
    const layout = {
      ...OPERATOR_ORDER,
      scoresIndex: 0,
      boxesIndex: 1,
      countIndex: 2,
      classesIndex: 3,
    };
    const found = readPostProcess(shuffled, layout, 0);
    assert.deepEqual(found[0], {
      classId: 3,
      score: 0.75,
      box: { xMin: 0, yMin: 0, xMax: 1, yMax: 1 },
    });
  });

  it('does not look at slots behind the count', () => {
    const outputs = outputsOf([{ classId: 1 }, { classId: 2 }, { classId: 3 }], 2);
    const found = readPostProcess(outputs, OPERATOR_ORDER, 0);
    assert.deepEqual(
      found.map(({ classId }) => classId),
      [1, 2],
    );
  });

  it('takes a count that is larger than the outputs, or no number, for what it is worth', () => {
    assert.equal(readPostProcess(outputsOf([{}, {}], 99), OPERATOR_ORDER, 0).length, 2);
    assert.equal(readPostProcess(outputsOf([{}, {}], Number.NaN), OPERATOR_ORDER, 0).length, 0);
    assert.equal(readPostProcess(outputsOf([{}, {}], -1), OPERATOR_ORDER, 0).length, 0);
  });

  it('leaves out scores below the least one and keeps those at it', () => {
    const outputs = outputsOf([{ score: 0.5 }, { score: 0.49 }, { score: 1 }]);
    const found = readPostProcess(outputs, OPERATOR_ORDER, 0.5);
    assert.deepEqual(
      found.map(({ score }) => score),
      [0.5, 1],
    );
  });

  it('leaves out what is no detection', () => {
    const nan = Number.NaN;
    const outputs = outputsOf([
      { score: nan },
      { score: 1.5 },
      { classId: -1 },
      { classId: nan },
      { edges: [nan, 0, 1, 1] },
      { edges: [0, 0, 1, nan] },
      { edges: [0.5, 0.5, 0.5, 0.9] },
      { edges: [0.1, 0.9, 0.9, 0.1] },
      // Inverted in both directions, so that its area comes out positive.
      { edges: [0.9, 0.9, 0.1, 0.1] },
    ]);
    assert.deepEqual(readPostProcess(outputs, OPERATOR_ORDER, 0), []);
  });
});

describe('checkPostProcess', () => {
  it('accepts outputs that fit together', () => {
    checkPostProcess(outputsOf([{}, {}, {}]), OPERATOR_ORDER);
  });

  it('names an output of another length', () => {
    const outputs = outputsOf([{}, {}]);
    outputs[0] = tensor(new Float32Array(4));
    assert.throws(
      () => checkPostProcess(outputs, OPERATOR_ORDER),
      /its output "boxes" has 4 values, expected 8/,
    );
  });

  it('names an output of another type or none at all', () => {
    const outputs = outputsOf([{}]);
    outputs[1] = tensor(new Uint8Array(1));
    assert.throws(
      () => checkPostProcess(outputs, OPERATOR_ORDER),
      /its output 1 is Uint8Array, expected float32/,
    );
    assert.throws(
      () => checkPostProcess(outputs.slice(0, 1), OPERATOR_ORDER),
      /is missing, expected float32/,
    );
  });
});
