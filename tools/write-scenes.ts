import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LABELS } from '../src/camera/synthetic/figure.js';
import { SeededRandom } from '../src/camera/synthetic/random.js';
import { counts, Scene, type SceneObject } from '../src/camera/synthetic/scene.js';
import { Preprocessor } from '../src/detection/preprocess.js';
import { packedLayout } from '../src/domain/frame.js';
import { drawSomeMoment } from './scene-moments.js';

const FRAME = { widthPx: 640, heightPx: 480 };
const USAGE =
  'Usage: write-scenes --out FOLDER --first-seed N --seeds N --pictures N --size WIDTHxHEIGHT';

/**
 * Writes pictures of drawn scenes as a detector's input gets them, and what is in them:
 * `pictures.bin` (uint8, picture after picture, rows of red, green, blue) and `objects.json`.
 */
function main(args: readonly string[]): void {
  const { out, firstSeed, seeds, pictures, widthPx, heightPx } = optionsOf(args);
  mkdirSync(out, { recursive: true });
  const layout = {
    ...packedLayout('rgb24', FRAME.widthPx, FRAME.heightPx),
    sequence: 0,
    capturedAtMs: 0,
    monotonicMs: 0,
    timestampSource: 'read' as const,
  };
  const input = {
    widthPx,
    heightPx,
    dtype: 'uint8',
    scale: 1 / 255,
    zeroPoint: 0,
    normalisation: { mean: 0, std: 255 },
  } as const;
  const preprocessor = new Preprocessor(layout, input, 'stretch');
  const data = new Uint8Array(FRAME.widthPx * FRAME.heightPx * 3);
  const target = new Uint8Array(widthPx * heightPx * 3);
  const file = openSync(join(out, 'pictures.bin'), 'w');
  const truths: object[] = [];
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    const scene = new Scene({ seed, ...FRAME });
    const random = new SeededRandom(seed, 4);
    for (let picture = 0; picture < pictures; picture++) {
      // One picture from each episode: as many lights and casts as pictures.
      const { timeS, objects } = drawSomeMoment(scene, picture, random, data);
      preprocessor.run({ ...layout, data }, target);
      writeSync(file, target);
      truths.push({ seed, timeS, objects: objects.map(truthOf) });
    }
  }
  closeSync(file);
  const head = { widthPx, heightPx, labels: LABELS, pictures: truths };
  writeFileSync(join(out, 'objects.json'), `${JSON.stringify(head)}\n`);
}

function truthOf(object: SceneObject): object {
  const { xMin, yMin, xMax, yMax } = object.box;
  const round = (value: number): number => Math.round(value * 1e5) / 1e5;
  return {
    label: LABELS.indexOf(object.label),
    box: [yMin, xMin, yMax, xMax].map(round),
    counts: counts(object),
  };
}

function optionsOf(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { out: text, 'first-seed': text, seeds: text, pictures: text, size: text },
  });
  const [widthPx, heightPx] = (values.size ?? '').split('x').map(Number);
  const numbers = [values['first-seed'], values.seeds, values.pictures].map(Number);
  const [firstSeed, seeds, pictures] = numbers;
  if (!values.out || !firstSeed || !seeds || !pictures || !widthPx || !heightPx) {
    throw new Error(USAGE);
  }
  return { out: values.out, firstSeed, seeds, pictures, widthPx, heightPx };
}

main(process.argv.slice(2));
