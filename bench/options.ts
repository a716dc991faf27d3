import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PROJECT_ROOT, referencePath } from '../test/helpers/reference-data.js';
import { CLASSIC_SSD, ONE_BY_ONE } from '../test/helpers/reference-models.js';
import { type BenchPlan, type Extent, FULL, PARTS, type Part, QUICK } from './bench-plan.js';
import { type PythonPeer, preparePython } from './python-peer.js';

/** What `npm run bench -- --help` prints. */
export const HELP = `Usage: npm run bench -- [options]

  --only PART      inference, pipeline, job or publishing; may be repeated (default: all)
  --quick          a few minutes, rough figures, prints the tables only
  --out FOLDER     where performance.md and its plots are written (default: docs; none with --quick)
  --model FILE     model for bare inference and pipeline; may be repeated (default: reference data)
  --job-model FILE detector for the whole job (default: the classic COCO SSD)
  --video FILE     video (default: one-by-one-person-detection of the reference data)
  --threads LIST   numbers of threads for bare inference (default: 1,2)
  --rounds N       turns that everybody has (default: 15 of bare inference, 5 of the job)
  --library FILE   LiteRT's shared library (default: the one in native/litert)
  --no-python      leave the Python peer out
`;

/** Every kind of model there is: uint8, int8 and float32 inside, with and without PostProcess. */
const MODELS = [
  'ssd_mobilenet_v1_coco_quant_metadata',
  'ssdlite_mobiledet_dog_vs_cat_quant',
  'automl_qrcode1_320_quant',
  'ssd_mobilenet_v2_fpnlite_320_food8_uint8in',
  'ssd_mobilenet_v2_fpnlite_320_coco_floatio_dynrange',
  'yolov8n_224_int8io',
  'yolov5n_640_uint8io',
  'mobilenet_v2_1.0_224_quant_classifier',
].map((name) => referencePath(`models/${name}.tflite`));

/** The plan, and where the page goes; null prints it only. */
export interface Options {
  readonly plan: Omit<BenchPlan, 'folder' | 'say'>;
  readonly out: string | null;
}

type Needed = Pick<BenchPlan, 'parts' | 'models' | 'jobModel' | 'video'>;

function extentOf(usual: Extent, roundsText: string | undefined): Extent {
  if (roundsText === undefined) return usual;
  const rounds = wholeNumber('rounds', roundsText, 1000);
  return { ...usual, inferenceRounds: rounds, rounds };
}

/**
 * Reads the arguments; null when they ask for help.
 * @throws Error when they name something that there is not.
 */
export function readOptions(args: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean' },
      only: { type: 'string', multiple: true },
      quick: { type: 'boolean' },
      out: { type: 'string' },
      model: { type: 'string', multiple: true },
      'job-model': { type: 'string' },
      video: { type: 'string' },
      threads: { type: 'string' },
      rounds: { type: 'string' },
      library: { type: 'string' },
      'no-python': { type: 'boolean' },
    },
  });
  if (values.help) return null;
  const extent = extentOf(values.quick ? QUICK : FULL, values.rounds);
  const library = values.library ?? join(PROJECT_ROOT, 'native', 'litert', 'libLiteRt.so');
  const cores = availableParallelism();
  const plan = {
    parts: values.only?.map(partNamed) ?? PARTS,
    extent,
    models: values.model ?? MODELS,
    jobModel: values['job-model'] ?? CLASSIC_SSD,
    video: values.video ?? ONE_BY_ONE,
    threads: (values.threads ?? (cores > 1 ? '1,2' : '1'))
      .split(',')
      .map((text) => wholeNumber('threads', text, cores)),
    libraryFile: existsSync(library) ? library : null,
  };
  if (values.library !== undefined) mustExist(library);
  return {
    plan: { ...plan, python: peerOf(plan, values['no-python']) },
    out: values.out ?? (values.quick ? null : join(PROJECT_ROOT, 'docs')),
  };
}

/** Looks for what detects, and gives the peer; where only publishing is measured, nothing is needed. */
function peerOf({ parts, models, jobModel, video }: Needed, isLeftOut = false): PythonPeer {
  const detects = parts.some((part) => part !== 'publishing');
  if (detects) [...models, jobModel, video].forEach(mustExist);
  if (detects && !isLeftOut) return preparePython();
  return { kind: 'missing', reason: 'The Python peer is left out' };
}

function partNamed(name: string): Part {
  const part = PARTS.find((known) => known === name);
  if (part) return part;
  throw new Error(`Cannot measure "${name}": there are ${PARTS.join(', ')}`);
}

function wholeNumber(option: string, text: string, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  throw new Error(`Cannot use --${option} "${text}": expected whole numbers from 1 to ${max}`);
}

function mustExist(file: string): void {
  if (existsSync(file)) return;
  throw new Error(
    `Cannot find "${file}": name models and a video with --model, --job-model and --video, or the folder of the reference data in LOOKOUT_TEST_DATA`,
  );
}
