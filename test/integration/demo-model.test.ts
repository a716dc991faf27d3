import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { describe, it } from 'node:test';
import { LABELS } from '../../src/camera/synthetic/figure.js';
import { SeededRandom } from '../../src/camera/synthetic/random.js';
import { counts, Scene } from '../../src/camera/synthetic/scene.js';
import { readDetectorModel } from '../../src/models/read-detector-model.js';
import { drawSomeMoment } from '../../tools/scene-moments.js';
import { averagePrecision, type JudgedPicture } from '../helpers/average-precision.js';
import { BUNDLED_MODEL } from '../helpers/bundled-model.js';
import { makeFrame } from '../helpers/frames.js';
import { startDetector, useModel } from '../helpers/loaded-detector.js';

const SIZE = { widthPx: 640, heightPx: 480 };
/** Neither trained nor evaluated with. */
const FIRST_SEED = 3_000_000;
const SEEDS = 60;
const PICTURES_PER_SEED = 4;
/** So few pictures give the card's figures only roughly. */
const TOLERANCE = 0.04;
const MAX_BYTES = 700_000;

const card = readFileSync(BUNDLED_MODEL.replace(/\.tflite$/, '.md'), 'utf8');

/** A figure of the card's table. */
function onCard(name: string): number {
  const row = card.split('\n').find((line) => line.startsWith(`| ${name} |`));
  return Number(row?.split('|')[2]);
}

describe('the bundled model', () => {
  it('is the one that its card describes', async () => {
    const bytes = readFileSync(BUNDLED_MODEL);
    assert.ok(card.includes(createHash('sha256').update(bytes).digest('hex')));
    assert.ok(statSync(BUNDLED_MODEL).size <= MAX_BYTES);
    const { model } = await readDetectorModel({ file: BUNDLED_MODEL, labels: null, fit: 'auto' });
    assert.deepEqual(model.labels, LABELS);
    assert.equal(model.input.dtype, 'uint8');
    assert.deepEqual(model.input.normalisation, { mean: 127.5, std: 127.5 });
    assert.equal(model.outputLayout.kind, 'postprocess');
  });

  it('sees in fresh scenes what its card says', { timeout: 120_000 }, async (t) => {
    await using detector = startDetector({ minScore: () => 0.05 });
    await useModel(detector, BUNDLED_MODEL);
    const pictures: JudgedPicture[] = [];
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      const scene = new Scene({ seed, ...SIZE });
      const random = new SeededRandom(seed, 4);
      for (let episode = 0; episode < PICTURES_PER_SEED; episode++) {
        const data = new Uint8Array(SIZE.widthPx * SIZE.heightPx * 3);
        const { objects } = drawSomeMoment(scene, episode, random, data);
        const truth = objects.map((object) => ({ ...object, isIgnored: !counts(object) }));
        const { detections } = await detector.detect(makeFrame({ ...SIZE, data }), 0);
        pictures.push({ truth, found: detections });
      }
    }
    const mean = (minIou: number): number => {
      const all = LABELS.map((label) => averagePrecision(pictures, label, minIou) ?? 1);
      t.diagnostic(`IoU ${minIou.toFixed(2)}: ${all.map((ap) => ap.toFixed(3)).join(' ')}`);
      return all.reduce((sum, ap) => sum + ap, 0) / all.length;
    };
    const thresholds = Array.from({ length: 10 }, (_, i) => 0.5 + 0.05 * i);
    const means = thresholds.map(mean);
    const map = means.reduce((sum, value) => sum + value, 0) / means.length;
    t.diagnostic(`mAP@0.5 ${means[0]?.toFixed(3)}, mAP@[.5:.95] ${map.toFixed(3)}`);
    assert.ok(Math.abs((means[0] ?? 0) - onCard('mAP@0.5')) <= TOLERANCE);
    assert.ok(Math.abs(map - onCard('mAP@[.5:.95]')) <= TOLERANCE);
  });
});
