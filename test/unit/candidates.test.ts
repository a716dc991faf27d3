import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MeasuredSetup } from '../../src/domain/engine.js';
import {
  cheapest,
  costOf,
  firstSetups,
  mostThreads,
  withMoreThreads,
} from '../../src/tuning/candidates.js';
import { SAMPLE_SETUP } from '../helpers/sample-setup.js';

const ALL = { litert: true, tfjs: true, minThreads: 1, maxThreads: 4 };

function measured(inferenceMs: number, cpuMs = inferenceMs, threads = 1): MeasuredSetup {
  return { ...SAMPLE_SETUP, threads, inferenceMs, cpuMs };
}

describe('firstSetups', () => {
  it('begins with an original and ends with the rewritten model, which is judged by it', () => {
    const forms = firstSetups(ALL).map(({ form }) => form);
    assert.deepEqual(forms, ['original', 'original', 'original', 'rewritten']);
    assert.equal(firstSetups(ALL)[0]?.kernels, 'builtin');
  });

  it('leaves out engines that may not be used', () => {
    assert.deepEqual(
      firstSetups({ ...ALL, litert: false }).map(({ name }) => name),
      ['tfjs'],
    );
    assert.ok(firstSetups({ ...ALL, tfjs: false }).every(({ name }) => name === 'litert'));
  });

  it('takes the fewest threads that are allowed', () => {
    assert.ok(firstSetups({ ...ALL, minThreads: 3 }).every(({ threads }) => threads === 3));
  });
});

describe('cheapest', () => {
  it('weighs processor time like latency, so a second thread must earn its keep', () => {
    const [one, wasteful, useful] = [measured(10), measured(7, 14, 2), measured(5.5, 11, 2)];
    assert.equal(cheapest([one, wasteful]), one);
    assert.equal(cheapest([one, wasteful, useful]), useful);
    assert.equal(costOf(useful), 16.5);
  });

  it('is null of none', () => {
    assert.equal(cheapest([]), null);
  });
});

describe('withMoreThreads', () => {
  it('tries only what could cost less even if n threads took an n-th of the time', () => {
    const [fast, middling, slow] = [measured(6), measured(7.9), measured(8.1)];
    const next = withMoreThreads([fast, middling, slow], fast, 2);
    assert.equal(next.length, 2);
    assert.ok(next.every(({ threads }) => threads === 2));
    assert.ok(next.every((setup) => !('inferenceMs' in setup)));
  });
});

describe('mostThreads', () => {
  it('leaves a core to camera and system where there is more than one', () => {
    assert.deepEqual([1, 2, 4, 8].map(mostThreads), [1, 1, 3, 7]);
  });
});
