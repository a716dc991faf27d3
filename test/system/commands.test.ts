import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { MeasuredSetup } from '../../src/domain/engine.js';
import { MAIN, programEnv } from '../helpers/program.js';
import { noReferenceData, referencePath } from '../helpers/reference-data.js';
import { CLASSIC_SSD, ONE_BY_ONE } from '../helpers/reference-models.js';
import { tempFolder } from '../helpers/temp-folder.js';

const CAT = referencePath('images/cat.bmp');
const PETS = referencePath('images/pets.jpg');

interface Output {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function lookout(...args: readonly string[]): Output {
  return spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', env: programEnv() });
}

/** The one JSON document that a command prints. */
function jsonOf(...args: readonly string[]): Record<string, unknown> {
  const { status, stdout, stderr } = lookout(...args, '--json');
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe('lookout detect', { skip: noReferenceData }, () => {
  it('tells what is in pictures as JSON, boxes as fractions', () => {
    const document = jsonOf('detect', CAT, PETS, '--model', CLASSIC_SSD);
    assert.match(
      String((document.model as { id: string }).id),
      /^ssd_mobilenet_v1.*@[0-9a-f]{12}$/,
    );
    const images = document.images as {
      file: string;
      widthPx: number;
      heightPx: number;
      inferenceMs: number;
      detections: { label: string; classId: number; score: number; box: Record<string, number> }[];
    }[];
    assert.deepEqual(
      images.map(({ file, widthPx, heightPx, detections }) => [
        file,
        widthPx,
        heightPx,
        detections.map(({ label }) => label),
      ]),
      [
        [CAT, 512, 341, ['cat']],
        [PETS, 512, 430, ['dog', 'dog']],
      ],
    );
    const { classId, score, box } = images[0]!.detections[0]!;
    assert.equal(classId, 16);
    assert.ok(score > 0.65 && score < 0.8, `score ${score}`);
    for (const side of ['xMin', 'yMin', 'xMax', 'yMax']) {
      assert.ok(box[side]! >= 0 && box[side]! <= 1, `${side} ${box[side]}`);
    }
  });

  it('draws into a folder, and goes on past a picture that cannot be read', () => {
    const out = join(tempFolder(), 'drawn');
    const { status, stdout, stderr } = lookout(
      ...['detect', 'absent.jpg', CAT, '--model', CLASSIC_SSD, '--annotate', out],
    );
    assert.equal(status, 1);
    assert.match(stdout, /Cannot read picture "absent\.jpg": no such file\n/);
    assert.match(stdout, /0\.\d\d {2}cat {2}/);
    assert.match(stderr, /^1 of 2 pictures could not be read\n$/m);
    assert.ok(existsSync(join(out, 'cat.bmp.jpg')));
  });
});

describe('lookout models inspect', { skip: noReferenceData }, () => {
  it('describes a detector that can be used', () => {
    const report = jsonOf('models', 'inspect', CLASSIC_SSD);
    assert.deepEqual([report.usable, report.reason, report.layout], [true, null, 'postprocess']);
    assert.equal((report.labels as string[])[0], 'person');
    const input = (report.inputs as Record<string, unknown>[])[0];
    assert.deepEqual(input?.shape, [1, 300, 300, 3]);
    assert.deepEqual([input?.dtype, input?.scale, input?.zeroPoint], ['uint8', 0.0078125, 128]);
    assert.ok((report.operators as string[]).includes('TFLite_Detection_PostProcess'));
  });

  it('says why a model that can be read cannot be used, and exits with 0', () => {
    const report = jsonOf(
      ...['models', 'inspect', referencePath('models/mobilenet_v1_0.25_128_quant_edgetpu.tflite')],
    );
    assert.equal(report.usable, false);
    assert.match(String(report.reason), /Coral Edge TPU/);
  });
});

describe('lookout models optimize', { skip: noReferenceData }, () => {
  const folder = tempFolder();
  const model = join(folder, 'detector.tflite');
  const written = join(folder, 'detector.optimized.tflite');

  it('writes a model beside the old one that sees the same, with the labels inside', () => {
    copyFileSync(CLASSIC_SSD, model);
    const report = jsonOf('models', 'optimize', model);
    const { operators, changedOperators, channels, exactChannels } = report.summary as {
      [figure: string]: number;
    };
    assert.equal(report.out, written);
    assert.deepEqual([changedOperators, channels], [operators, 12_639]);
    assert.ok(exactChannels! > 12_500);
    const { images } = jsonOf('detect', PETS, '--model', written) as {
      images: { detections: { label: string }[] }[];
    };
    assert.deepEqual(
      images[0]?.detections.map(({ label }) => label),
      ['dog', 'dog'],
    );
  });

  it('explains what became of each operator', () => {
    const { stdout, status } = lookout('models', 'optimize', model, '--explain');
    assert.equal(status, 0);
    assert.match(stdout, /^operators 64 of 64 rewritten, 15 conversions added$/m);
    assert.match(stdout, /^1 +DEPTHWISE_CONV_2D +int8 +23 of 24 +1\.\d+ +\d+\.\d +\S+Relu6$/m);
    assert.match(stdout, /^63 +TFLite_Detection_PostProcess +float32 /m);
    const { operators } = jsonOf('models', 'optimize', model, '--explain');
    assert.equal((operators as unknown[]).length, 64);
  });

  it('overwrites nothing, and leaves nothing behind where it fails', () => {
    const taken = join(folder, 'taken.tflite');
    writeFileSync(taken, 'something else');
    const { status, stderr } = lookout('models', 'optimize', model, '--out', taken);
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^Cannot write ".*taken\.tflite": it is there already with other contents\n$/,
    );
    assert.equal(readFileSync(taken, 'utf8'), 'something else');
    const nowhere = lookout('models', 'optimize', model, '--out', join(folder, 'no/such/folder'));
    assert.match(nowhere.stderr, /^Cannot write ".*": no such file\n$/);
    assert.deepEqual(readdirSync(folder).sort(), [
      'detector.optimized.tflite',
      'detector.tflite',
      'taken.tflite',
    ]);
  });

  it('writes nothing for a model that has nothing to rewrite, and refuses what is none', () => {
    const out = join(folder, 'none.tflite');
    const yolo = referencePath('models/yolov8n_224_int8io.tflite');
    assert.equal(jsonOf('models', 'optimize', yolo, '--out', out).out, null);
    assert.equal(existsSync(out), false);
    const { status, stderr } = lookout('models', 'optimize', CAT);
    assert.equal(status, 78);
    assert.match(stderr, /^Cannot load model ".*": it is no TensorFlow Lite file[^\n]*\n$/);
  });
});

describe('lookout bench', { skip: noReferenceData }, () => {
  it('measures bare inference and pipeline', () => {
    const report = jsonOf(
      ...['bench', '--model', CLASSIC_SSD, '--source', ONE_BY_ONE],
      ...['--frames', '40', '--warm-up', '20'],
    );
    const { frames, fps, cpuMsPerFrame, overheadCpuMsPerFrame, latencyMs } = report.pipeline as {
      frames: number;
      fps: number;
      cpuMsPerFrame: number;
      overheadCpuMsPerFrame: number;
      latencyMs: { p50: number; p95: number; p99: number };
    };
    assert.equal(frames, 40);
    const { p50 } = report.bareInferenceMs as { p50: number };
    assert.ok(p50 > 0 && fps > 0 && cpuMsPerFrame > overheadCpuMsPerFrame);
    assert.ok(latencyMs.p50 > p50 / 2 && latencyMs.p50 <= latencyMs.p99);
    const { name, threads, inferenceMs } = report.engine as MeasuredSetup;
    assert.ok(['litert', 'tfjs'].includes(name) && threads >= 1 && inferenceMs > 0);
    assert.ok(Number(report.rssBytes) > 30e6);
  });
});

describe('lookout check', { skip: noReferenceData }, () => {
  it('shows topics and labels of a configuration, and refuses a model that cannot be used', () => {
    const good = lookout('check', '--node=porch', '--model.file', CLASSIC_SSD);
    assert.equal(good.status, 0, good.stderr);
    assert.match(good.stdout, /# lookout\/porch\/cam\/camera\/event\/\{label\}\/\{phase\}\n/);
    assert.match(good.stdout, /# \{label\}: any, person, bicycle/);
    const bad = lookout('check', '--model.file', CAT);
    assert.deepEqual([bad.status, bad.stdout], [78, '']);
    assert.match(bad.stderr, /^Cannot load model ".*": it is no TensorFlow Lite file[^\n]*\n$/);
  });
});
