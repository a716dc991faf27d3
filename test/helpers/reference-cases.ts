import { join } from 'node:path';
import type { WorkerDetector } from '../../src/detection/worker-detector.js';
import type { DetectorModel } from '../../src/domain/detector-model.js';
import type { EngineChoice } from '../../src/domain/engine.js';
import { readPicture } from '../../src/images/read-picture.js';
import { makeFrame } from './frames.js';
import { useModel } from './loaded-detector.js';
import { PROJECT_ROOT, referencePath } from './reference-data.js';
import {
  missOf,
  type ReferencePicture,
  referencePictures,
  type Tolerance,
} from './reference-detections.js';

const MIN_SCORE = 0.5;

/** A detector whose detections in some pictures are known. */
export interface ReferenceCase {
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

/** Every kind of detector that is understood. */
export const REFERENCE_CASES: readonly ReferenceCase[] = [
  { model: CLASSIC, labels: COCO },
  { model: 'ssd_mobilenet_v1_coco_quant_metadata', labels: null, referencesOf: CLASSIC },
  {
    model: 'ssdlite_mobiledet_dog_vs_cat_quant',
    labels: join(PROJECT_ROOT, 'test', 'fixtures', 'pets.txt'),
    renamed: { 'abyssian cat': 'cat', 'american bulldog': 'dog' },
  },
  {
    model: 'ssd_mobilenet_v2_fpnlite_320_food8_uint8in',
    labels: referencePath('labels/food8_labels.txt'),
  },
  { model: 'ssd_mobilenet_v2_fpnlite_320_coco_floatio_dynrange', labels: COCO },
  { model: 'automl_qrcode1_320_quant', labels: null },
];

/** How what was found compares with what is known. */
export interface Comparison {
  /** In one line: the model, the pictures, and how many of the known detections were found. */
  readonly summary: string;
  /** What was missed and what was invented, each with its picture. */
  readonly misses: readonly string[];
}

/** Runs a model over all pictures with references for it. */
export async function compareWithReferences(
  detector: WorkerDetector,
  example: ReferenceCase,
  tolerance: Tolerance,
  engine: EngineChoice,
): Promise<Comparison> {
  const file = referencePath(`models/${example.model}.tflite`);
  const model = await useModel(detector, file, example.labels, engine);
  const pictures = referencePictures(example.referencesOf ?? example.model);
  const missed: string[] = [];
  const invented: string[] = [];
  let expected = 0;
  for (const picture of pictures) {
    const known = inOurWords(picture, example.renamed ?? {});
    const found = await detectionsIn(detector, model, picture);
    const wanted = known.filter(({ score }) => score >= MIN_SCORE);
    const surplus = found.filter(({ score }) => score >= MIN_SCORE + tolerance.score);
    const named = (miss: string | null) => (miss === null ? [] : `${picture.name}: ${miss}`);
    missed.push(...wanted.flatMap((one) => named(missOf(one, found, tolerance))));
    invented.push(...surplus.flatMap((one) => named(missOf(one, known, tolerance))));
    expected += wanted.length;
  }
  const found = expected - missed.length;
  return {
    summary: `${example.model}: ${pictures.length} pictures, ${found} of ${expected} found`,
    misses: [
      ...missed.map((miss) => `missed ${miss}`),
      ...invented.map((miss) => `invented ${miss}`),
    ],
  };
}

function inOurWords(picture: ReferencePicture, renamed: Readonly<Record<string, string>>) {
  return picture.detections.map((reference) => ({
    ...reference,
    label: renamed[reference.label] ?? reference.label,
  }));
}

async function detectionsIn(
  detector: WorkerDetector,
  model: DetectorModel,
  picture: ReferencePicture,
) {
  const { widthPx, heightPx, data } = await readPicture(picture.file, model.input);
  const { detections } = await detector.detect(makeFrame({ widthPx, heightPx, data }), 0);
  return detections;
}
