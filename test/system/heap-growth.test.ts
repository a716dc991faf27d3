import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { percentile } from '../../src/domain/statistics.js';
import { DaemonProcess } from '../helpers/daemon-process.js';
import { Mosquitto, noMosquitto } from '../helpers/mosquitto.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { tinyDetector } from '../helpers/tiny-detector.js';

/** A few seconds; LOOKOUT_TEST_FRAMES=1000000 is the long proof. */
const FRAMES = Number(process.env.LOOKOUT_TEST_FRAMES ?? 30_000);
const SAMPLE_INTERVAL_MS = 100;
const SHOWN_SAMPLES = 10;
/** What is on its way to the broker comes and goes; one small object a frame would be a megabyte. */
const MAX_GROWTH_BYTES = 500_000;
const FOLDER = tempFolder();

/** A video of so many frames, which are small: what they leave behind does not depend on pixels. */
function makeVideo(frames: number): string {
  const [pass, video] = [join(FOLDER, 'pass.mkv'), join(FOLDER, 'video.mkv')];
  const run = (...args: string[]) => execFileSync('ffmpeg', ['-loglevel', 'error', ...args]);
  const source = ['-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=10', '-frames:v', '1000'];
  run(...source, '-c:v', 'mpeg4', pass);
  run('-stream_loop', '-1', '-i', pass, '-c', 'copy', '-frames:v', `${frames}`, video);
  return video;
}

/** Runs the daemon over the frames, and gives what test/helpers/heap-watch.ts has said of it. */
async function watchHeaps(): Promise<readonly string[]> {
  const modelFile = join(FOLDER, 'tiny.tflite');
  writeFileSync(modelFile, tinyDetector());
  await using broker = await Mosquitto.start();
  const watch = new URL('../helpers/heap-watch.js', import.meta.url).href;
  await using daemon = DaemonProcess.start(
    {
      'camera.source': 'replay',
      'camera.path': makeVideo(FRAMES),
      'camera.pace': 'max',
      'model.file': modelFile,
      'mqtt.url': broker.url,
    },
    {
      ...process.env,
      NODE_OPTIONS: `--import=${watch}`,
      LOOKOUT_TEST_HEAP_MS: `${SAMPLE_INTERVAL_MS}`,
    },
  );
  const { code } = await daemon.end();
  assert.equal(code, 0, daemon.saidLast());
  assert.equal(daemon.counts.detected, FRAMES);
  return daemon.chatter;
}

/** What was seen of one thread's heap, in bytes. */
function samplesOf(thread: string, lines: readonly string[]): number[][] {
  const found = lines.filter((line) => line.startsWith(`heap ${thread} `));
  return found.map((line) => line.split(' ').slice(2).map(Number));
}

describe('the heaps of lookout run', { skip: noMosquitto }, () => {
  it(`hold no more after ${FRAMES} frames than before`, { timeout: 900_000 }, async (t) => {
    const lines = await watchHeaps();
    for (const thread of ['main', 'worker']) {
      const samples = samplesOf(thread, lines);
      assert.ok(samples.length >= 8, `only ${samples.length} samples of the ${thread} thread`);
      const step = Math.ceil(samples.length / SHOWN_SAMPLES);
      for (const [kind, name] of ['objects', 'buffers'].entries()) {
        const bytes = samples.map((sample) => sample[kind] ?? Number.NaN);
        const shown = bytes.filter((_, i) => i % step === 0);
        t.diagnostic(`${thread}, ${name}: ${shown.map((b) => (b / 1e6).toFixed(2)).join(' ')} MB`);
        const quarter = Math.floor(bytes.length / 4);
        // The first quarter is the start: code is compiled, and tables fill.
        const before = percentile(bytes.slice(quarter, 2 * quarter), 0.5);
        const after = percentile(bytes.slice(-quarter), 0.5);
        const what = `${name} of the ${thread} thread`;
        assert.ok(after - before < MAX_GROWTH_BYTES, `${what}: ${before}, then ${after} bytes`);
      }
    }
  });
});
