import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, it } from 'node:test';
import { createInterpreter } from '../../src/detection/create-interpreter.js';
import { LoadedModel } from '../../src/detection/loaded-model.js';
import type { Kernels } from '../../src/domain/engine.js';
import type { Frame } from '../../src/domain/frame.js';
import { percentile } from '../../src/domain/statistics.js';
import { readPicture } from '../../src/images/read-picture.js';
import { describeDetector, describeFile } from '../../src/models/detector-model.js';
import { engineForm } from '../../src/models/quantize/engine-form.js';
import { readModel } from '../../src/models/read-model.js';
import { type Agreement, AgreementCount, agreementText } from '../helpers/agreement.js';
import { makeFrame } from '../helpers/frames.js';
import { litert, noLitert } from '../helpers/litert-library.js';
import { noReferenceData, referencePath } from '../helpers/reference-data.js';
import { type FrameChoice, videoFrames } from '../helpers/video-frames.js';

/** `all` takes a few minutes: every picture and 500 frames of each video. */
const IS_ALL = process.env.LOOKOUT_TEST_AGREEMENT === 'all';
const MIN_SHARE = 0.985;
const MAX_P99 = 0.05;
/** Below what counts, so that a match may have fallen. */
const LOWEST_SCORE = 0.05;

const MODELS = [
  'ssd_mobilenet_v1_coco_quant_detect',
  ...(IS_ALL ? ['ssd_mobilenet_v1_coco_quant_metadata'] : []),
  'ssdlite_mobiledet_dog_vs_cat_quant',
  'automl_qrcode1_320_quant',
  'ssd_mobilenet_v2_fpnlite_320_coco_floatio_dynrange',
];
/** Computes in int8 as it is: what is rewritten around its layers changes no bit of them. */
const INT8_MODEL = 'ssd_mobilenet_v2_fpnlite_320_food8_uint8in';

const SIDES = ['builtin', 'xnnpack', 'rewritten'] as const;
type Side = (typeof SIDES)[number];
/** What the first sees is looked for in the second. The first two are what is judged. */
const DIRECTIONS: readonly (readonly [Side, Side])[] = [
  ['builtin', 'rewritten'],
  ['rewritten', 'builtin'],
  ['xnnpack', 'rewritten'],
  ['rewritten', 'xnnpack'],
  // No rewrite: how far the two kernels of the engine are apart on the original.
  ['builtin', 'xnnpack'],
];

async function* frames(): AsyncGenerator<{ readonly name: string; readonly frame: Frame }> {
  const folder = referencePath('images');
  for (const name of readdirSync(folder)) {
    yield { name, frame: makeFrame(await readPicture(`${folder}/${name}`)) };
  }
  const videos = readdirSync(referencePath('videos'));
  for (const name of videos) {
    // Some videos are short: these give every frame.
    const isShort = name.startsWith('automl') || name.startsWith('tfjs');
    const choice: FrameChoice = IS_ALL
      ? { stride: 1, count: 500 }
      : { stride: isShort ? 2 : 30, count: 12 };
    for await (const frame of videoFrames(referencePath(`videos/${name}`), choice)) {
      yield { name: `${basename(name)} #${frame.sequence}`, frame };
    }
  }
}

/** The original with both kernels, and the rewritten model as it would be used. */
async function sidesOf(name: string): Promise<Record<Side, LoadedModel>> {
  const file = await readModel(referencePath(`models/${name}.tflite`));
  const model = describeDetector(file, describeFile(file), { labelText: null, fit: 'auto' });
  const bytes = engineForm(file.bytes);
  assert.ok(bytes);
  const load = (content: Uint8Array, kernels: Kernels): LoadedModel =>
    new LoadedModel(model, createInterpreter(new Uint8Array(content).buffer, litert(kernels)));
  return {
    builtin: load(file.bytes, 'builtin'),
    xnnpack: load(file.bytes, 'xnnpack'),
    rewritten: load(bytes, 'xnnpack'),
  };
}

async function countAgreement(name: string): Promise<AgreementCount[]> {
  const sides = await sidesOf(name);
  const counts = DIRECTIONS.map(() => new AgreementCount());
  for await (const { name: picture, frame } of frames()) {
    const found = new Map(
      SIDES.map((side) => [side, sides[side].run(frame, LOWEST_SCORE).detections]),
    );
    DIRECTIONS.forEach(([one, other], i) => {
      counts[i]?.add(found.get(one) ?? [], found.get(other) ?? [], picture);
    });
  }
  for (const side of SIDES) sides[side][Symbol.dispose]();
  return counts;
}

function missed({ detections, matched }: Agreement): number {
  return detections - matched;
}

function assertAgreement({ detections, matched, scoreDifferences }: Agreement): void {
  assert.ok(matched >= MIN_SHARE * detections, `only ${matched} of ${detections} matched`);
  assert.ok(percentile(scoreDifferences, 0.99) <= MAX_P99);
}

describe('a rewritten detector', { skip: noReferenceData || noLitert }, () => {
  const totals = DIRECTIONS.map(() => new AgreementCount());

  for (const name of MODELS) {
    it(`sees what ${name} sees`, async (t) => {
      const counts = await countAgreement(name);
      counts.forEach((count, i) => {
        t.diagnostic(`${DIRECTIONS[i]?.join(' → ').padEnd(20)} ${agreementText(count)}`);
        for (const miss of count.misses) t.diagnostic(`  ${miss}`);
        totals[i]?.merge(count);
      });
      const [rewritten, , , , kernels] = counts;
      assert.ok(rewritten && kernels);
      // Where a model is unsure, the two kernels of the engine disagree on the original as well.
      const allowed = Math.max(missed(kernels) + 2, (1 - MIN_SHARE) * rewritten.detections);
      assert.ok(missed(rewritten) <= allowed, `${missed(rewritten)} missed, allowed ${allowed}`);
    });
  }

  it(`sees in each score what ${INT8_MODEL} sees on the same kernels`, async () => {
    const [, , ...onSameKernels] = await countAgreement(INT8_MODEL);
    for (const count of onSameKernels.slice(0, 2)) {
      assert.equal(missed(count), 0, count.misses.join('\n'));
      assert.ok(Math.max(...count.scoreDifferences) < 1e-5);
      assert.ok(count.detections >= 10);
    }
  });

  it('agrees with the originals over all models', (t) => {
    totals.forEach((total, i) => {
      t.diagnostic(`${DIRECTIONS[i]?.join(' → ').padEnd(20)} ${agreementText(total)}`);
    });
    const [onto, back] = totals;
    assert.ok(onto && back && onto.detections > 80, `only ${onto?.detections} detections`);
    assertAgreement(onto);
    assertAgreement(back);
  });
});
