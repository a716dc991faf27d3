import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { WorkerDetector } from '../../src/detection/worker-detector.js';
import type { DetectorModel } from '../../src/domain/detector-model.js';
import { readPicture } from '../../src/images/read-picture.js';
import { makeFrame } from '../helpers/frames.js';
import { startDetector, useModel } from '../helpers/loaded-detector.js';
import { noReferenceData, referencePath } from '../helpers/reference-data.js';
import {
  missOf,
  type ReferencePicture,
  referencePictures,
} from '../helpers/reference-detections.js';
import { tempFolder } from '../helpers/temp-folder.js';

const MIN_SCORE = 0.5;
const TOLERANCE = { iou: 0.9, score: 0.05 };
const folder = tempFolder();
const PETS = join(folder, 'pets.txt');
writeFileSync(PETS, 'cat\ndog\n');

interface Case {
  readonly model: string;
  /** Null: the labels inside the model. */
  readonly labels: string | null;
  /** Model whose references hold; the same unless given. */
  readonly referencesOf?: string;
  /** Our word for each of the reference's; the same unless given. */
  readonly renamed?: Readonly<Record<string, string>>;
}

const COCO = referencePath('labels/labelmap_661_person_first.txt');
const CLASSIC = 'ssd_mobilenet_v1_coco_quant_detect';
const CASES: readonly Case[] = [
  { model: CLASSIC, labels: COCO },
  { model: 'ssd_mobilenet_v1_coco_quant_metadata', labels: null, referencesOf: CLASSIC },
  {
    model: 'ssdlite_mobiledet_dog_vs_cat_quant',
    labels: PETS,
    renamed: { 'abyssian cat': 'cat', 'american bulldog': 'dog' },
  },
  {
    model: 'ssd_mobilenet_v2_fpnlite_320_food8_uint8in',
    labels: referencePath('labels/food8_labels.txt'),
  },
  { model: 'ssd_mobilenet_v2_fpnlite_320_coco_floatio_dynrange', labels: COCO },
  { model: 'automl_qrcode1_320_quant', labels: null },
];

const table: string[] = [];
let detector: WorkerDetector | undefined;

describe('WorkerDetector on the reference pictures', { skip: noReferenceData }, () => {
  after(async () => {
    await detector?.[Symbol.asyncDispose]();
  });

  for (const example of CASES) {
    it(`finds what is known of ${example.model}`, async () => {
      detector ??= startDetector({ minScore: 0.05 });
      const file = referencePath(`models/${example.model}.tflite`);
      const model = await useModel(detector, file, example.labels);
      const pictures = referencePictures(example.referencesOf ?? example.model);
      assert.ok(pictures.length > 0);
      const misses: string[] = [];
      let expected = 0;
      for (const picture of pictures) {
        const found = await missesIn(detector, model, picture, example.renamed ?? {});
        expected += found.expected;
        misses.push(...found.misses);
      }
      const found = expected - misses.filter((miss) => miss.includes(': missed ')).length;
      table.push(`${example.model}: ${pictures.length} pictures, ${found} of ${expected} found`);
      table.push(...misses.map((miss) => `  ${miss}`));
      assert.deepEqual(misses, []);
    });
  }

  it('met every kind of detector, and something in the pictures', (t) => {
    for (const line of table) t.diagnostic(line);
    assert.equal(table.filter((line) => line.includes(' found')).length, CASES.length);
    assert.ok(table.some((line) => /, \d\d of \d\d found/.test(line)));
  });
});

async function missesIn(
  detector: WorkerDetector,
  model: DetectorModel,
  picture: ReferencePicture,
  renamed: Readonly<Record<string, string>>,
): Promise<{ expected: number; misses: string[] }> {
  const { widthPx, heightPx, data } = await readPicture(picture.file, model.input);
  const { detections } = await detector.detect(makeFrame({ widthPx, heightPx, data }), 0);
  const known = picture.detections.map((reference) => ({
    ...reference,
    label: renamed[reference.label] ?? reference.label,
  }));
  const wanted = known.filter(({ score }) => score >= MIN_SCORE);
  const missed = wanted.map((reference) => missOf(reference, detections, TOLERANCE));
  const surplus = detections
    .filter(({ score }) => score >= MIN_SCORE + TOLERANCE.score)
    .map((detection) => missOf(detection, known, TOLERANCE));
  const misses = [
    ...missed.filter((miss) => miss !== null).map((miss) => `${picture.name}: missed ${miss}`),
    ...surplus.filter((miss) => miss !== null).map((miss) => `${picture.name}: invented ${miss}`),
  ];
  return { expected: wanted.length, misses };
}
