import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PostProcessLayout } from '../../src/domain/detector-model.js';
import { disagreement } from '../../src/tuning/agreement.js';
import type { TrialOutputs } from '../../src/tuning/trial-protocol.js';

const LAYOUT: PostProcessLayout = {
  kind: 'postprocess',
  boxesIndex: 0,
  classesIndex: 1,
  scoresIndex: 2,
  countIndex: 3,
};

interface Found {
  readonly score: number;
  readonly classId?: number;
  readonly shift?: number;
}

/** What a model with PostProcess answers: boxes in a row, one for each that was found. */
function answer(...found: readonly Found[]): TrialOutputs {
  const boxes = found.flatMap(({ shift = 0 }, i) => {
    const left = i * 0.1 + shift;
    return [0.1, left, 0.5, left + 0.08];
  });
  return [
    Float32Array.from(boxes),
    Float32Array.from(found, ({ classId = 0 }) => classId),
    Float32Array.from(found, ({ score }) => score),
    Float32Array.of(found.length),
  ];
}

const THREE = answer({ score: 0.9 }, { score: 0.7 }, { score: 0.6 });

describe('disagreement', () => {
  it('is null for the same answer and for one within rounding', () => {
    const near = answer({ score: 0.85 }, { score: 0.74, shift: 0.005 }, { score: 0.55 });
    assert.equal(disagreement([THREE], [THREE], LAYOUT), null);
    assert.equal(disagreement([THREE], [near], LAYOUT), null);
  });

  it('says that scores are away', () => {
    const weak = answer({ score: 0.6 }, { score: 0.5 }, { score: 0.4 });
    assert.match(disagreement([THREE], [weak], LAYOUT) ?? '', /scores are up to 0\.30 away/);
  });

  it('says so when scores come for nothing, and when they are missing', () => {
    const nothing = answer();
    assert.match(disagreement([nothing], [THREE], LAYOUT) ?? '', /scores are up to 0\.90/);
    assert.match(disagreement([THREE], [nothing], LAYOUT) ?? '', /scores are up to 0\.90/);
  });

  it('says that boxes or classes are others although scores are the same', () => {
    const elsewhere = answer(
      { score: 0.9, shift: 0.5 },
      { score: 0.7, shift: 0.5 },
      { score: 0.6, shift: 0.5 },
    );
    const renamed = answer(
      { score: 0.9, classId: 5 },
      { score: 0.7, classId: 5 },
      { score: 0.6, classId: 5 },
    );
    assert.match(disagreement([THREE], [elsewhere], LAYOUT) ?? '', /6 of 6 detections/);
    assert.match(disagreement([THREE], [renamed], LAYOUT) ?? '', /6 of 6 detections/);
  });

  it('lets one detection near the threshold go', () => {
    const reference = answer({ score: 0.51 }, { score: 0.3 });
    const other = answer({ score: 0.49, classId: 3 }, { score: 0.3 });
    assert.equal(disagreement([reference], [other], LAYOUT), null);
  });

  it('fails on scores that are no numbers', () => {
    const broken = answer({ score: Number.NaN }, { score: Number.NaN }, { score: Number.NaN });
    assert.notEqual(disagreement([THREE], [broken], LAYOUT), null);
  });

  it('fails when a picture was not answered', () => {
    assert.match(disagreement([THREE, THREE], [THREE], LAYOUT) ?? '', /another number/);
  });

  it('holds plain values against each other where outputs are not understood', () => {
    const values = Uint8Array.from({ length: 1000 }, (_, i) => i % 250);
    const near = values.map((value) => value + (value % 2));
    const far = values.map((value) => 250 - value);
    assert.equal(disagreement([[values]], [[near]], null), null);
    assert.match(disagreement([[values]], [[far]], null) ?? '', /output 0 is \d+\.\d % away/);
    assert.notEqual(disagreement([[values]], [[values.subarray(1)]], null), null);
    assert.notEqual(
      disagreement([[Float32Array.of(0, 1)]], [[Float32Array.of(0, Number.NaN)]], null),
      null,
    );
  });
});
