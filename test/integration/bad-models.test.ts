import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { WorkerDetector } from '../../src/detection/worker-detector.js';
import type { ModelState } from '../../src/domain/model-state.js';
import type { ModelErrorCode } from '../../src/errors.js';
import { readPicture } from '../../src/images/read-picture.js';
import { ModelManager } from '../../src/models/model-manager.js';
import { makeFrame } from '../helpers/frames.js';
import { CLASSIC_SSD, COCO_LABELS, startDetector, TFJS } from '../helpers/loaded-detector.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { noReferenceData, referencePath } from '../helpers/reference-data.js';
import { SAMPLE_SETUP } from '../helpers/sample-setup.js';
import { seededInteger, seededRandom } from '../helpers/seeded-random.js';
import { tempFolder } from '../helpers/temp-folder.js';

interface BadModel {
  readonly name: string;
  readonly code: ModelErrorCode;
  readonly says: RegExp;
}

const BAD_MODELS: readonly BadModel[] = [
  { name: 'invalid_git_lfs_pointer_of_detect', code: 'unreadable', says: /Git LFS pointer/ },
  { name: 'invalid_html_page_saved_as_tflite', code: 'unreadable', says: /web page/ },
  { name: 'invalid_text_file_29bytes', code: 'unreadable', says: /no TensorFlow Lite file/ },
  { name: 'invalid_model_invoking_error_customop', code: 'unsupported', says: /custom operator "/ },
  { name: 'invalid_person_detect_vela_ethosu_customop', code: 'unsupported', says: /Ethos-U/ },
  { name: 'invalid_whitespace_tokenizer_flexop', code: 'unsupported', says: /operator/ },
  { name: 'mobilenet_v1_0.25_128_quant_edgetpu', code: 'unsupported', says: /Edge TPU/ },
  { name: 'mobilenet_v2_1.0_224_quant_classifier', code: 'not-a-detector', says: /not a detector/ },
  { name: 'person_detect_96_int8_classifier', code: 'not-a-detector', says: /not a detector/ },
  {
    name: 'wrongkind_movie_review_text_classifier',
    code: 'not-a-detector',
    says: /not a detector/,
  },
  { name: 'wrongkind_permute_uint8_780bytes', code: 'not-a-detector', says: /not a detector/ },
  { name: 'yolov5n_640_uint8io', code: 'not-a-detector', says: /not a detector/ },
  { name: 'yolov8n_224_int8io', code: 'not-a-detector', says: /not a detector/ },
];

const folder = tempFolder();

function written(name: string, content: Uint8Array | string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

/** Bytes that mean nothing behind the identifier of a model. */
function randomModel(seed: number): Uint8Array {
  const random = seededRandom(seed);
  const bytes = Uint8Array.from({ length: 5_000 }, () => seededInteger(random, 256));
  bytes.set(new TextEncoder().encode('TFL3'), 4);
  return bytes;
}

describe('a model that cannot be used', { skip: noReferenceData }, () => {
  let detector: WorkerDetector;
  let manager: ModelManager;
  let cat: Awaited<ReturnType<typeof readPicture>>;
  let last: ModelState | undefined;

  before(async () => {
    detector = startDetector({ minScore: () => 0.5 });
    manager = new ModelManager({
      host: detector,
      plan: async ({ bytes }) => ({ bytes, engine: TFJS, setup: SAMPLE_SETUP }),
      log: new RecordingLog(),
      onState: (state) => {
        last = state;
      },
    });
    await manager.start({ file: CLASSIC_SSD, labels: COCO_LABELS, fit: 'auto' });
    cat = await readPicture(referencePath('images/cat.bmp'), { widthPx: 300, heightPx: 300 });
  });

  after(() => detector[Symbol.asyncDispose]());

  async function assertRejected(
    file: string,
    codes: readonly string[],
    says: RegExp,
  ): Promise<void> {
    await manager.reload({ file, labels: null, fit: 'auto' });
    assert.equal(last?.phase, 'rejected', file);
    const { code = '', detail = '' } = last.error ?? {};
    assert.ok(codes.includes(code), `${code}: ${detail}`);
    assert.match(detail, says);
    assert.match(detail, /^Cannot .{10,400}[^.]$/, 'one sentence on one line');
    assert.equal(last.active?.name, 'ssd_mobilenet_v1_coco_quant_detect');
    const frame = makeFrame({ ...cat, data: cat.data.slice() });
    const { model, detections } = await detector.detect(frame, 0);
    assert.equal(model.id, last.active.id);
    assert.deepEqual(
      detections.map(({ label }) => label),
      ['cat'],
    );
  }

  for (const { name, code, says } of BAD_MODELS) {
    it(`${name} is refused in a sentence, and the running one goes on`, async () => {
      await assertRejected(referencePath(`models/${name}.tflite`), [code], says);
    });
  }

  it('an empty file, a directory and a missing file are refused', async () => {
    mkdirSync(join(folder, 'folder.tflite'));
    await assertRejected(written('empty.tflite', ''), ['unreadable'], /the file is empty/);
    await assertRejected(join(folder, 'folder.tflite'), ['unreadable'], /it is a directory/);
    await assertRejected(join(folder, 'absent.tflite'), ['unreadable'], /no such file/);
    await assertRejected('/dev/zero', ['unreadable'], /it is a device or a pipe/);
  });

  it('random bytes behind the identifier are refused', async () => {
    for (let seed = 0; seed < 10; seed++) {
      const file = written('random.tflite', randomModel(seed));
      await assertRejected(file, ['unreadable', 'not-a-detector', 'unsupported'], /random\.tflite/);
    }
  });

  it('a model that was cut at any of 20 places is refused', async () => {
    const whole = readFileSync(CLASSIC_SSD);
    const random = seededRandom(20);
    for (let i = 0; i < 20; i++) {
      const length = 8 + Math.floor((whole.length - 64) * ((i + random()) / 20));
      const file = written('cut.tflite', whole.subarray(0, length));
      await assertRejected(file, ['unreadable', 'unsupported'], /cut(\.tflite)?"/);
    }
  });
});
