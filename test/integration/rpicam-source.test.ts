import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { framesWithRetry } from '../../src/camera/camera-retry.js';
import type { CameraState } from '../../src/camera/camera-state.js';
import { ReplaySource } from '../../src/camera/replay-source.js';
import { type RpicamOptions, RpicamSource } from '../../src/camera/rpicam-source.js';
import { type Frame, frameByteLength, packedLayout } from '../../src/domain/frame.js';
import { FramePool } from '../../src/domain/frame-pool.js';
import { CameraError } from '../../src/errors.js';
import { eventually } from '../helpers/eventually.js';
import { ProcessMark } from '../helpers/processes.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { type StandInSettings, standInEnv } from '../helpers/rpicam-stand-in.js';
import { decodeWithSharp } from '../helpers/sharp-decoder.js';

const NEVER = new AbortController().signal;
/** A width that no machine pads. */
const TIGHT: RpicamOptions = { widthPx: 256, heightPx: 96, fps: 30, cameraIndex: 0 };
/** A width that every machine pads, and each in its own way. */
const PADDED: RpicamOptions = { ...TIGHT, widthPx: 300, heightPx: 100 };

const ROOT = mkdtempSync(join(tmpdir(), 'lookout-rpicam-'));
const VIDEO = join(ROOT, 'two-frames.mkv');

function camera(settings: StandInSettings, options = TIGHT) {
  const mark = new ProcessMark();
  const log = new RecordingLog();
  const env = mark.on(standInEnv(settings));
  return { source: new RpicamSource(options, { env, log, pool: new FramePool() }), log, mark };
}

async function take(frames: AsyncIterable<Frame>, count: number): Promise<Frame[]> {
  const taken: Frame[] = [];
  for await (const frame of frames) {
    taken.push(frame);
    if (taken.length === count) break;
  }
  return taken;
}

/** How a run ended that should not have, and how many frames it gave before. */
async function failureOf(source: RpicamSource) {
  let frames = 0;
  try {
    for await (const _ of source.frames(NEVER)) frames += 1;
  } catch (error) {
    assert.ok(error instanceof CameraError, String(error));
    return { message: error.message, frames };
  }
  assert.fail('the camera ended without an error');
}

/** The pixels of a frame without padding, in the order of a packed frame. */
function pixelsOf(frame: Frame): Buffer {
  const { widthPx, heightPx, strideBytes, chromaStrideBytes, data } = frame;
  const rows: Uint8Array[] = [];
  for (let row = 0; row < heightPx; row += 1) {
    rows.push(data.subarray(row * strideBytes, row * strideBytes + widthPx));
  }
  for (let row = 0; row < heightPx; row += 1) {
    const at = heightPx * strideBytes + row * chromaStrideBytes;
    rows.push(data.subarray(at, at + widthPx / 2));
  }
  return Buffer.concat(rows);
}

/** Asserts that the frame shows the stand-in's test pattern, whole, and that every pixel is right. */
function assertPattern(frame: Frame): void {
  const pixels = pixelsOf(frame);
  const first = pixels[0] ?? 0;
  const expected = Buffer.from(pixels.map((_, index) => (index * 7 + first) % 251));
  assert.ok(pixels.equals(expected), `frame ${frame.sequence} is not the pattern`);
}

describe('RpicamSource', () => {
  before(() => {
    const source = ['-f', 'lavfi', '-i', 'testsrc2=size=300x100:rate=1', '-frames:v', '2'];
    // In the colours of a camera, so that a replay has nothing else to say of them.
    const colours = ['-vf', 'scale=out_range=full:out_color_matrix=bt601', '-color_range', 'pc'];
    execFileSync('ffmpeg', ['-loglevel', 'error', ...source, ...colours, '-c:v', 'ffv1', VIDEO]);
  });
  after(() => rmSync(ROOT, { recursive: true }));

  it('gives whole frames with gapless numbers, and stops the camera when the consumer leaves', async () => {
    const { source, mark, log } = camera({});
    const frames = await take(source.frames(NEVER), 5);
    assert.deepEqual(
      frames.map(({ sequence }) => sequence),
      [0, 1, 2, 3, 4],
    );
    for (const frame of frames) {
      const layout = packedLayout('yuv420p', 256, 96);
      assert.deepEqual({ ...frame, ...layout }, frame);
      assert.equal(frame.timestampSource, 'read');
      assert.ok(Math.abs(frame.capturedAtMs - Date.now()) < 60_000);
      assertPattern(frame);
    }
    assert.ok(frames[4]!.monotonicMs > frames[0]!.monotonicMs);
    assert.deepEqual(mark.living(), []);
    assert.equal(log.having('debug Camera gave').length, 1);
  });

  it('asks for frames to be flushed and never for an end', async () => {
    const { source, mark } = camera({});
    const command = await (async () => {
      for await (const _ of source.frames(NEVER)) return mark.living()[0]?.command;
      return '';
    })();
    assert.match(
      command ?? '',
      /rpicam-vid -n -t 0 --codec yuv420 --flush -o - --width 256 --height 96 --framerate 30 --camera 0/,
    );
  });

  for (const [machine, strides] of [
    ['pi4', [320, 160]],
    ['pi5', [384, 192]],
    ['virtual', [320, 192]],
  ] as const) {
    it(`learns the padding of ${machine} and shows the same pixels`, async () => {
      const { source, mark } = camera({ STRIDE: machine }, PADDED);
      for (const frame of await take(source.frames(NEVER), 3)) {
        assert.deepEqual([frame.strideBytes, frame.chromaStrideBytes], strides);
        assert.equal(frame.data.byteLength, frameByteLength(frame));
        assertPattern(frame);
      }
      assert.deepEqual(mark.living(), []);
    });
  }

  it('shows what a replay of the same video shows', async () => {
    const context = { env: process.env, log: new RecordingLog(), pool: new FramePool() };
    const options = { path: VIDEO, pace: 'max', loop: false, size: null, folderFps: 1 } as const;
    const replay = new ReplaySource(options, decodeWithSharp, context);
    const expected = (await take(replay.frames(NEVER), 2)).map(pixelsOf);
    const { source } = camera({ VIDEO, STRIDE: 'pi5' }, PADDED);
    for (const frame of await take(source.frames(NEVER), 3)) {
      const pixels = pixelsOf(frame);
      assert.ok(expected.some((it) => it.equals(pixels)));
    }
  });

  it('refuses padding that it does not know, and names the numbers', async () => {
    const { message } = await failureOf(camera({ STRIDE: 'odd' }, PADDED).source);
    assert.equal(
      message,
      'Cannot read the camera: a frame of 300x100 takes 45900 bytes, expected one of 45000, 48000, 57600, 51200; a width of 640 or 1280 avoids this',
    );
  });

  it('refuses a size that it did not ask for', async () => {
    const { message } = await failureOf(camera({ SIZE: '256x128' }).source);
    assert.match(message, /"rpicam-vid" gives 256x128 instead of 256x96/);
  });

  it('says what rpicam-vid says when there is no camera, another one, or it is busy', async () => {
    for (const [settings, options, expected] of [
      [{ CAMERAS: '0' }, TIGHT, /exit code 255, it said "ERROR: \*\*\* no cameras available/],
      [{}, { ...TIGHT, cameraIndex: 1 }, /selected camera is not available/],
      [{ CAMERAS: '0' }, PADDED, /no cameras available/],
      [{ MODE: 'busy' }, TIGHT, /failed to acquire camera/],
    ] as const) {
      const { source, mark } = camera(settings, options);
      assert.match((await failureOf(source)).message, expected);
      assert.deepEqual(mark.living(), []);
    }
  });

  it('warns that another process has the camera', async () => {
    const { source, log } = camera({ MODE: 'busy' });
    await failureOf(source);
    assert.equal(log.having('warn rpicam-vid says:').length, 1);
    assert.match(log.having('warn')[0] ?? '', /Pipeline handler in use by another process/);
  });

  it('names the package to install when the program is missing', async () => {
    const context = { env: { PATH: '/nowhere' }, log: new RecordingLog(), pool: new FramePool() };
    const { message } = await failureOf(new RpicamSource(TIGHT, context));
    assert.match(message, /no program "rpicam-vid" or "libcamera-vid".*rpicam-apps-lite/);
  });

  it('goes on when the camera recovers by itself, with a warning', async () => {
    const { source, log } = camera({ MODE: 'timeout:2' });
    assert.equal((await take(source.frames(NEVER), 6)).length, 6);
    assert.match(log.having('warn').join(), /Camera frontend has timed out!/);
  });

  it('fails when the program ends', async () => {
    const { message, frames } = await failureOf(camera({ MODE: 'exit:3' }).source);
    assert.match(message, /"rpicam-vid" ended with exit code 255/);
    assert.ok(frames > 0 && frames <= 3);
  });

  it('fails when the sensor dies, and kills the program that ignores it', async () => {
    const { source, mark } = camera({ MODE: 'stall:3' });
    const { message, frames } = await failureOf(source);
    assert.match(
      message,
      /"rpicam-vid" gave no complete frame for 5000 ms, it said ".*Please check that your camera sensor connector is attached securely."/,
    );
    assert.ok(frames > 0 && frames <= 3);
    assert.deepEqual(mark.living(), []);
  });

  it('gives a slow consumer the newest frame, whole', async () => {
    const { source } = camera({});
    const frames: Frame[] = [];
    for await (const frame of source.frames(NEVER)) {
      assertPattern(frame);
      frames.push(frame);
      if (frames.length === 2) break;
      await sleep(1500);
    }
    const [first, second] = frames;
    assert.deepEqual([first?.sequence, second?.sequence], [0, 1]);
    assert.ok(second!.monotonicMs - first!.monotonicMs > 700);
  });

  it('leaves no process when aborted at any moment', async () => {
    for (const settings of [{}, { MODE: 'half:0' }, { MODE: 'half:2' }, { MODE: 'stall:1' }]) {
      for (const options of [TIGHT, PADDED]) {
        const { source, mark } = camera(settings, options);
        const stop = new AbortController();
        setTimeout(() => stop.abort(), Math.random() * 400);
        for await (const frame of source.frames(stop.signal)) assertPattern(frame);
        assert.ok(stop.signal.aborted);
        assert.deepEqual(mark.living(), []);
      }
    }
  });

  it('is started again by framesWithRetry after the program was killed', async () => {
    const { source, mark, log } = camera({});
    const states: CameraState[] = [];
    const onState = (state: CameraState) => states.push(state);
    const delays = { minMs: 20, maxMs: 100 };
    const sequences: number[] = [];
    for await (const frame of framesWithRetry(source, { log, onState, delays }, NEVER)) {
      sequences.push(frame.sequence);
      if (sequences.length === 3) process.kill(mark.living()[0]!.pid, 'SIGKILL');
      if (states.length === 3) break;
    }
    assert.deepEqual(
      sequences,
      sequences.map((_, index) => index),
    );
    assert.deepEqual(
      states.map(({ online }) => online),
      [true, false, true],
    );
    assert.match(log.having('warn').join(), /"rpicam-vid" was killed by SIGKILL/);
    assert.deepEqual(mark.living(), []);
  });

  it('leaves no camera process when the daemon is killed', async () => {
    const mark = new ProcessMark();
    const moduleUrl = (path: string) => new URL(`../../src/${path}`, import.meta.url).href;
    const script = `
      import { RpicamSource } from '${moduleUrl('camera/rpicam-source.js')}';
      import { FramePool } from '${moduleUrl('domain/frame-pool.js')}';
      const log = { error() {}, warn() {}, info() {}, debug() {} };
      const context = { env: process.env, log, pool: new FramePool() };
      const source = new RpicamSource(${JSON.stringify(TIGHT)}, context);
      for await (const _ of source.frames(new AbortController().signal)) console.log('frame');`;
    const daemon = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env: mark.on(standInEnv({ VIDEO })),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(daemon.stdout, 'data');
    assert.equal(mark.living().length, 3, 'daemon, camera and the ffmpeg behind it');
    daemon.kill('SIGKILL');
    await eventually('the camera process is gone', () => mark.living().length === 0);
  });
});
