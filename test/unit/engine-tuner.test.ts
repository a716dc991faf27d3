import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EngineChoice } from '../../src/domain/engine.js';
import { ModelError } from '../../src/errors.js';
import { EngineTuner, type EngineTunerOptions } from '../../src/tuning/engine-tuner.js';
import type { TrialAnswer, TrialRequest } from '../../src/tuning/trial-protocol.js';
import { RecordingLog } from '../helpers/recording-log.js';

const ORIGINAL = Uint8Array.of(1);
const REWRITTEN = Uint8Array.of(2);
const NEVER = new AbortController().signal;

/** What one way of running takes and answers on the machine of a test. */
interface Behaviour {
  readonly ms?: number;
  readonly cpuMs?: number;
  readonly value?: number;
  readonly refused?: string;
}

type Kind = 'builtin' | 'xnnpack' | 'rewritten' | 'tfjs';

/** A machine on which every way of running behaves as it is told. */
class Bench {
  readonly tried: string[] = [];
  readonly #behaviour: (kind: Kind, threads: number) => Behaviour;

  constructor(behaviour: (kind: Kind, threads: number) => Behaviour) {
    this.#behaviour = behaviour;
  }

  readonly runTrial: EngineTunerOptions['runTrial'] = async (request): Promise<TrialAnswer> => {
    const kind = kindOf(request);
    const { threads } = request.engine;
    this.tried.push(`${kind} ${threads}`);
    const { ms = 10, cpuMs = ms, value = 0.5, refused } = this.#behaviour(kind, threads);
    if (refused === 'nothing to rewrite') return { kind: 'nothing-to-rewrite' };
    if (refused !== undefined) return { kind: 'refused', reason: refused };
    const outputs = request.inputs.map(() => [Float32Array.of(0, 1, value)]);
    const rewritten = request.rewrite ? REWRITTEN : null;
    return { kind: 'measured', inferenceMs: ms, cpuMs, outputs, rewritten };
  };
}

function kindOf({ engine, rewrite, modelBytes }: TrialRequest): Kind {
  if (engine.name === 'tfjs') return 'tfjs';
  return rewrite || modelBytes === REWRITTEN ? 'rewritten' : engine.kernels;
}

function tune(bench: Bench, options: Partial<EngineTunerOptions['choices']> = {}) {
  const tuner = new EngineTuner({
    choices: { litert: true, tfjs: true, minThreads: 1, maxThreads: 1, ...options },
    litertFile: '/litert.so',
    memoryBytes: 1e9,
    env: {},
    runTrial: bench.runTrial,
    log: new RecordingLog(),
  });
  const inputs = [Uint8Array.of(0)];
  const subject = { name: 'm', bytes: ORIGINAL, rewritten: null, layout: null, inputs };
  return tuner.tune(subject, NEVER);
}

const TIMES: Record<Kind, number> = { builtin: 13, xnnpack: 14, rewritten: 6, tfjs: 38 };

describe('EngineTuner', () => {
  it('takes the cheapest, and gives the rewritten model when that is it', async () => {
    const { chosen, measured, rewritten } = await tune(new Bench((kind) => ({ ms: TIMES[kind] })));
    assert.deepEqual([chosen.name, chosen.form, chosen.inferenceMs], ['litert', 'rewritten', 6]);
    assert.equal(rewritten, REWRITTEN);
    assert.equal(measured.length, 4);
  });

  it('keeps the original when the rewritten model is slower', async () => {
    const times = { ...TIMES, rewritten: 20 };
    const { chosen, rewritten } = await tune(new Bench((kind) => ({ ms: times[kind] })));
    assert.equal(chosen.kernels, 'builtin');
    assert.equal(rewritten, null);
  });

  it('does not take what answers differently, however fast it is', async () => {
    const bench = new Bench((kind) => ({
      ms: TIMES[kind],
      value: kind === 'rewritten' ? 0.9 : 0.5,
    }));
    const { chosen, refused } = await tune(bench);
    assert.equal(chosen.form, 'original');
    assert.match(refused[0]?.reason ?? '', /output 0 is .* away/);
  });

  it('does not trust a rewritten model when no engine runs the original', async () => {
    const bench = new Bench((kind) =>
      kind === 'rewritten' ? {} : { refused: 'unknown operator' },
    );
    await assert.rejects(tune(bench), (error: Error) => {
      assert.ok(error instanceof ModelError && error.code === 'unsupported');
      assert.match(error.message, /Cannot load model "m": unknown operator/);
      return true;
    });
    assert.ok(!bench.tried.includes('rewritten 1'));
  });

  it('goes on with the engines that work when others crash', async () => {
    const bench = new Bench((kind) => (kind === 'tfjs' ? { ms: 38 } : { refused: 'crashed' }));
    const { chosen, refused } = await tune(bench);
    assert.equal(chosen.name, 'tfjs');
    assert.equal(refused.length, 3);
  });

  it('counts a model without anything to rewrite as nothing refused', async () => {
    const bench = new Bench((kind) =>
      kind === 'rewritten' ? { refused: 'nothing to rewrite' } : { ms: TIMES[kind] },
    );
    const { measured, refused } = await tune(bench);
    assert.deepEqual([measured.length, refused.length], [3, 0]);
  });

  it('tries more threads only for what could still win, and takes them when they earn it', async () => {
    const bench = new Bench((kind, threads) => ({
      ms: TIMES[kind] / threads ** 0.9,
      cpuMs: TIMES[kind] * 1.05 ** (threads - 1),
    }));
    const { chosen } = await tune(bench, { maxThreads: 3 });
    assert.deepEqual(bench.tried, [
      'builtin 1',
      'xnnpack 1',
      'tfjs 1',
      'rewritten 1',
      'rewritten 2',
      'rewritten 3',
      'rewritten 3',
      'rewritten 2',
      'rewritten 1',
    ]);
    assert.deepEqual([chosen.form, chosen.threads], ['rewritten', 3]);
  });

  it('looks again at what comes out close: something else may have had the machine', async () => {
    const tried = new Map<Kind, number>();
    const bench = new Bench((kind) => {
      const time = (tried.get(kind) ?? 0) + 1;
      tried.set(kind, time);
      const ms = { ...TIMES, builtin: 40, rewritten: 11 }[kind];
      return { ms: kind === 'rewritten' && time === 1 ? ms * 1.7 : ms };
    });
    const { chosen } = await tune(bench);
    assert.deepEqual(bench.tried.slice(4), ['rewritten 1', 'xnnpack 1']);
    assert.deepEqual([chosen.form, chosen.inferenceMs], ['rewritten', 11]);
  });

  it('does not take what fails when it is looked at again', async () => {
    let rewrittenTrials = 0;
    const bench = new Bench((kind) => {
      if (kind !== 'rewritten') return { ms: TIMES[kind] };
      rewrittenTrials += 1;
      return rewrittenTrials === 1 ? { ms: 12 } : { refused: 'crashed' };
    });
    const { chosen, measured, refused } = await tune(bench);
    assert.equal(chosen.kernels, 'builtin');
    assert.equal(measured.length, 3);
    assert.deepEqual(
      refused.map(({ form, reason }) => [form, reason]),
      [['rewritten', 'crashed']],
    );
  });

  it('does not rewrite again what was rewritten once', async () => {
    const rewrites: EngineChoice[] = [];
    const bench = new Bench((kind, threads) => ({ ms: TIMES[kind] / threads }));
    const runTrial: EngineTunerOptions['runTrial'] = (request, options, signal) => {
      if (request.rewrite) rewrites.push(request.engine);
      return bench.runTrial(request, options, signal);
    };
    await tune({ ...bench, runTrial } as Bench, { maxThreads: 3 });
    assert.equal(rewrites.length, 1);
  });
});
