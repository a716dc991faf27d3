import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { EngineChoice } from '../../src/domain/engine.js';
import { corruptedModel, resizedModel } from '../helpers/corrupted-model.js';
import { litert, noLitert } from '../helpers/litert-library.js';
import { noReferenceData, referencePath } from '../helpers/reference-data.js';
import { CLASSIC_SSD, DOG_VS_CAT } from '../helpers/reference-models.js';
import { tempFolder } from '../helpers/temp-folder.js';

/** More with LOOKOUT_TEST_LOADS=500 LOOKOUT_TEST_CORRUPTED=500. */
const LOADS = Number(process.env.LOOKOUT_TEST_LOADS ?? 40);
const CORRUPTED = Number(process.env.LOOKOUT_TEST_CORRUPTED ?? 24);
const TERMINATIONS = 10;
const EXITS = 6;
const PARALLEL = 2;
/** Of one corrupted model; a sound one takes a tenth of a second. */
const MODEL_TIMEOUT_MS = 10_000;
/** What such a child is allowed beyond its own start. */
const MEMORY_MB = 512;
const NODE_MB = 100;

const PROGRAM = fileURLToPath(new URL('../fixtures/engine-hazards.js', import.meta.url));
const PERMUTE = referencePath('models/wrongkind_permute_uint8_780bytes.tflite');
const LITERT = litert('xnnpack');
const TFJS: EngineChoice = { name: 'tfjs', threads: 1 };

interface Ending {
  /** `ok`, or how the process came to its end. */
  readonly how: string;
  /** What it said of itself; null when it did not get to it. */
  readonly answer: Answer | null;
  readonly stderr: string;
}

interface Answer {
  readonly outcome?: 'ran' | 'refused';
  readonly residentMb?: readonly number[];
  readonly peakMb?: number;
}

function attempt(
  hazard: string,
  engine: EngineChoice,
  file: string,
  times: number,
): Promise<Ending> {
  const args = [PROGRAM, hazard, JSON.stringify(engine), file, `${times}`];
  const timeout = hazard === 'limited' ? MODEL_TIMEOUT_MS : 300_000;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      args,
      { timeout, killSignal: 'SIGKILL', env: {} },
      (error, stdout, stderr) => {
        const failure = error?.killed ? 'timed out' : (error?.signal ?? `exit ${error?.code}`);
        resolve({
          how: error ? failure : 'ok',
          answer: stdout === '' ? null : (JSON.parse(stdout) as Answer),
          stderr,
        });
      },
    );
  });
}

/** How often each came, most frequent first. */
function tally(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return sorted.map(([word, count]) => `${count} ${word}`).join(', ');
}

describe('engines under abuse', { skip: noReferenceData || noLitert }, () => {
  const folder = tempFolder();

  /** LiteRT has to hold; what the other engine does is only reported. */
  function survives(name: string, hazard: string, times: number): void {
    it(`LiteRT survives ${name}`, { timeout: 300_000 }, async (t) => {
      const ours = await attempt(hazard, LITERT, CLASSIC_SSD, times);
      const theirs = await attempt(hazard, TFJS, CLASSIC_SSD, times);
      t.diagnostic(`${name}: LiteRT ${ours.how}, tfjs ${theirs.how}`);
      assert.equal(ours.how, 'ok', ours.stderr);
      assert.equal(ours.stderr, '');
    });
  }

  survives('three threads at once', 'three-threads', 20);
  survives(`terminate() during an inference, ${TERMINATIONS} times`, 'terminate', TERMINATIONS);

  it('LiteRT survives process.exit() during an inference', { timeout: 120_000 }, async (t) => {
    const endings = [];
    for (let i = 1; i <= EXITS; i++) endings.push(await attempt('exit', LITERT, CLASSIC_SSD, i));
    const theirs = await attempt('exit', TFJS, CLASSIC_SSD, 1);
    const row = tally(endings.map(({ how }) => how));
    t.diagnostic(`process.exit() during an inference: LiteRT ${row}, tfjs ${theirs.how}`);
    assert.ok(endings.every(({ how, answer }) => how === 'ok' && answer));
  });

  it('LiteRT gives back its memory', { timeout: 300_000 }, async (t) => {
    const ours = await attempt('loads', LITERT, CLASSIC_SSD, LOADS);
    const theirs = await attempt('loads', TFJS, CLASSIC_SSD, Math.ceil(LOADS / 4));
    const [own, their] = [ours.answer?.residentMb ?? [], theirs.answer?.residentMb ?? []];
    t.diagnostic(`${LOADS} loads and disposals, resident MB: LiteRT ${own.join(' ')}`);
    t.diagnostic(
      `${Math.ceil(LOADS / 4)} loads and disposals, resident MB: tfjs ${their.join(' ')}`,
    );
    assert.equal(ours.how, 'ok', ours.stderr);
    // One model is 18 MB, and what is kept of each would add up.
    const middle = Math.ceil(own.length / 2);
    const growthMb = Math.max(...own.slice(middle)) - Math.max(...own.slice(0, middle));
    assert.ok(growthMb < 15, own.join(' '));
  });

  it('corrupted models stay within a child process', { timeout: 1_200_000 }, async (t) => {
    const models = [CLASSIC_SSD, DOG_VS_CAT, PERMUTE].map((file) => readFileSync(file));
    const seeds = Array.from({ length: CORRUPTED }, (_, i) => i);
    const endings: Ending[] = [];
    const workers = Array.from({ length: PARALLEL }, async (_, i) => {
      const file = join(folder, `corrupted-${i}.tflite`);
      for (let seed = seeds.pop(); seed !== undefined; seed = seeds.pop()) {
        const model = models[seed % models.length] ?? new Uint8Array();
        writeFileSync(file, corruptedModel(model, seed));
        endings.push(await attempt('limited', LITERT, file, 1));
      }
    });
    await Promise.all(workers);
    const row = tally(endings.map(({ how, answer }) => answer?.outcome ?? how));
    const peakMb = Math.max(...endings.map(({ answer }) => answer?.peakMb ?? 0));
    t.diagnostic(`${CORRUPTED} corrupted models: ${row}; at most ${peakMb} MB`);
    assert.equal(endings.length, CORRUPTED);
    assert.ok(peakMb > 0 && peakMb < NODE_MB + MEMORY_MB);
    // A few end their process, which is what it is for; that would be too many.
    const sound = endings.filter(({ answer }) => answer).length;
    assert.ok(sound >= CORRUPTED * 0.9, row);
  });

  it('a huge tensor does not get the memory that it asks for', async (t) => {
    const file = join(folder, 'huge.tflite');
    const outcomes = [];
    for (const megabytes of [64, 256]) {
      const shape = [1, megabytes * 2 ** 20];
      writeFileSync(file, resizedModel(readFileSync(PERMUTE), [1, 4], shape));
      const { how, answer } = await attempt('limited', LITERT, file, 1);
      outcomes.push(answer?.outcome ?? how);
      t.diagnostic(`input and output of ${megabytes} MB: ${outcomes.at(-1)}`);
    }
    // Each tensor is needed twice: in the library's plan and in what JavaScript sees.
    assert.deepEqual(outcomes, ['ran', 'refused']);
  });
});
