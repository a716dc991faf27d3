import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { runTrial } from '../../src/tuning/run-trial.js';
import type { TrialRequest } from '../../src/tuning/trial-protocol.js';
import { CLASSIC_SSD } from '../helpers/loaded-detector.js';
import { noReferenceData } from '../helpers/reference-data.js';

const NEVER = new AbortController().signal;
const OPTIONS = { env: process.env, timeoutMs: 60_000 };

function request(change: Partial<TrialRequest> = {}): TrialRequest {
  return {
    engine: { name: 'tfjs', threads: 1 },
    modelBytes: readFileSync(CLASSIC_SSD),
    rewrite: false,
    inputs: [new Uint8Array(300 * 300 * 3).fill(100), new Uint8Array(300 * 300 * 3).fill(200)],
    budgetMs: 50,
    memoryBytes: 1e9,
    ...change,
  };
}

async function refusal(
  change: Partial<TrialRequest>,
  timeoutMs = OPTIONS.timeoutMs,
): Promise<string> {
  const answer = await runTrial(request(change), { env: process.env, timeoutMs }, NEVER);
  assert.equal(answer.kind, 'refused');
  return answer.kind === 'refused' ? answer.reason : '';
}

describe('runTrial', { skip: noReferenceData }, () => {
  it('answers every picture and measures', async () => {
    const answer = await runTrial(request(), OPTIONS, NEVER);
    assert.equal(answer.kind, 'measured');
    if (answer.kind !== 'measured') return;
    assert.ok(answer.inferenceMs > 0 && answer.cpuMs > 0);
    assert.deepEqual(
      answer.outputs.map((outputs) => outputs.map(({ length }) => length)),
      [
        [40, 10, 10, 1],
        [40, 10, 10, 1],
      ],
    );
    assert.ok(answer.outputs[0]?.[0] instanceof Float32Array);
    assert.equal(answer.rewritten, null);
  });

  it('is refused with the reason of the engine', async () => {
    assert.match(await refusal({ modelBytes: Uint8Array.of(1, 2, 3) }), /\w/);
  });

  it('is refused when the input is of another size', async () => {
    assert.match(
      await refusal({ inputs: [new Uint8Array(7)] }),
      /its input has 270000 bytes, expected 7/,
    );
  });

  it('is refused when it takes too long, and its process is gone', async () => {
    assert.match(await refusal({ budgetMs: 60_000 }, 700), /did not finish within 0\.7 s/);
  });

  it('is refused when it takes too much memory, and this process does not feel it', async () => {
    const before = process.memoryUsage.rss();
    assert.match(await refusal({ memoryBytes: 1e6 }), /\w/);
    assert.ok(process.memoryUsage.rss() - before < 100e6);
  });

  it('ends at once when it is not wanted any more', async () => {
    const stop = new AbortController();
    const trial = runTrial(request({ budgetMs: 60_000 }), OPTIONS, stop.signal);
    setTimeout(() => stop.abort(), 300);
    await assert.rejects(trial, { name: 'AbortError' });
  });
});
