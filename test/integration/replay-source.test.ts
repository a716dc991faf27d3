import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { type ReplayOptions, ReplaySource } from '../../src/camera/replay-source.js';
import type { Frame } from '../../src/domain/frame.js';
import { FramePool } from '../../src/domain/frame-pool.js';
import { CameraError } from '../../src/errors.js';
import { rgbOf } from '../helpers/colours.js';
import { ProcessMark } from '../helpers/processes.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { decodeWithSharp } from '../helpers/sharp-decoder.js';

const NEVER = new AbortController().signal;
const ROOT = mkdtempSync(join(tmpdir(), 'lookout-replay-'));
const at = (name: string) => join(ROOT, name);

/** Makes a lossless video of ffmpeg's test source, or of another. */
function makeVideo(name: string, source: string, ...options: string[]): string {
  const args = ['-y', '-loglevel', 'error', '-f', 'lavfi', '-i', source, ...options];
  execFileSync('ffmpeg', [...args, '-c:v', 'ffv1', '-pix_fmt', 'yuv420p', at(name)]);
  return at(name);
}

async function makePicture(name: string, colour: string, widthPx: number): Promise<void> {
  const create = { width: widthPx, height: 8, channels: 3, background: colour } as const;
  await sharp({ create }).toFile(at(name));
}

function replay(options: Partial<ReplayOptions> & Pick<ReplayOptions, 'path'>, path?: string) {
  const mark = new ProcessMark();
  const log = new RecordingLog();
  const env = mark.on(path === undefined ? process.env : { PATH: path });
  const defaults = { pace: 'max', loop: false, size: null, folderFps: 10 } as const;
  const context = { env, log, pool: new FramePool() };
  const source = new ReplaySource({ ...defaults, ...options }, decodeWithSharp, context);
  return { source, log, mark };
}

async function take(source: ReplaySource, count = Number.POSITIVE_INFINITY): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of source.frames(NEVER)) {
    frames.push(frame);
    if (frames.length === count) break;
  }
  return frames;
}

/** Mean of each plane of a YUV420 frame, in the order Y, U, V. */
function meansOf({ data, widthPx, heightPx }: Frame): number[] {
  const luma = widthPx * heightPx;
  const planes = [
    data.subarray(0, luma),
    data.subarray(luma, luma * 1.25),
    data.subarray(luma * 1.25),
  ];
  return planes.map((plane) => plane.reduce((sum, value) => sum + value, 0) / plane.length);
}

describe('ReplaySource', () => {
  before(async () => {
    makeVideo('ten.mkv', 'testsrc2=size=96x64:rate=20', '-frames:v', '10');
    makeVideo('odd.mkv', 'testsrc2=size=95x63:rate=5', '-frames:v', '2');
    // Every frame is one grey, brighter by 4 from frame to frame.
    makeVideo('grey.mkv', 'nullsrc=size=32x32:rate=10,geq=lum=20+4*N:cb=128:cr=128', '-t', '2');
    writeFileSync(at('text.mp4'), 'this is no video');
    writeFileSync(at('empty.mp4'), '');
    for (const folder of ['folder', 'nothing', 'broken']) mkdirSync(at(folder));
    await makePicture('folder/frame 10.png', '#0000ff', 16);
    await makePicture('folder/frame 9.JPG', '#ff0000', 24);
    await makePicture('folder/frame 11.webp', '#00ff00', 16);
    writeFileSync(at('folder/frame 9b.png'), 'no picture');
    writeFileSync(at('folder/notes.txt'), 'no picture');
    writeFileSync(at('broken/a.png'), 'no picture');
  });
  after(() => rmSync(ROOT, { recursive: true }));

  it('gives every frame of a video once, with the time of the file', async () => {
    const { source, mark } = replay({ path: at('ten.mkv') });
    assert.equal(source.pacing, 'on-demand');
    const frames = await take(source);
    assert.deepEqual(
      frames.map(({ sequence, monotonicMs }) => [sequence, monotonicMs]),
      Array.from({ length: 10 }, (_, index) => [index, index * 50]),
    );
    assert.deepEqual([frames[0]?.widthPx, frames[0]?.heightPx], [96, 64]);
    assert.equal(frames[0]?.pixelFormat, 'yuv420p');
    assert.equal(frames[0]?.data.byteLength, 96 * 64 * 1.5);
    assert.deepEqual(mark.living(), []);
  });

  it('loses nothing at pace max however slow the consumer is', async () => {
    const { source } = replay({ path: at('grey.mkv') });
    const lumas: number[] = [];
    for await (const frame of source.frames(NEVER)) {
      lumas.push(meansOf(frame)[0] ?? 0);
      if (lumas.length % 5 === 0) await sleep(50);
    }
    assert.deepEqual(
      lumas,
      Array.from({ length: 20 }, (_, n) => 20 + 4 * n),
    );
  });

  it('says which colours the file has, or converts them to those of a camera', async () => {
    const rgb = [200, 60, 30];
    const colour = 'color=c=0xc83c1e:size=64x64:rate=5,format=rgb24';
    for (const [name, matrix, range, colours] of [
      ['sd.mkv', 'smpte170m', 'tv', 'bt601'],
      ['hd.mkv', 'bt709', 'tv', 'bt709'],
      ['full.mkv', 'bt709', 'pc', 'jpeg'],
      ['uhd.mkv', 'bt2020nc', 'tv', 'jpeg'],
    ] as const) {
      const scale = `scale=out_color_matrix=${matrix}:out_range=${range}`;
      const tags = ['-colorspace', matrix, '-color_range', range];
      const path = makeVideo(name, colour, '-frames:v', '1', '-vf', scale, ...tags);
      const [frame] = await take(replay({ path }).source);
      assert.equal(frame?.colours, colours, name);
      const [y = 0, u = 0, v = 0] = meansOf(frame);
      for (const [channel, value] of rgbOf([y, u, v], colours).entries()) {
        const off = Math.abs(value - rgb[channel]!);
        assert.ok(off <= 3.5, `${name}, channel ${channel}: ${value}, not ${rgb[channel]}`);
      }
    }
  });

  it('scales to the size asked for, and rounds down to even sizes', async () => {
    const [asked] = await take(replay({ path: at('ten.mkv'), size: sized(41, 30) }).source, 1);
    assert.deepEqual([asked?.widthPx, asked?.heightPx], [40, 30]);
    assert.equal(asked?.data.byteLength, 40 * 30 * 1.5);
    const [own] = await take(replay({ path: at('odd.mkv') }).source, 1);
    assert.deepEqual([own?.widthPx, own?.heightPx], [94, 62]);
  });

  it('shows a turned video upright', async () => {
    const turned = at('turned.mp4');
    const args = ['-loglevel', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=5'];
    execFileSync('ffmpeg', [...args, '-frames:v', '2', '-c:v', 'mpeg4', turned]);
    const file = readFileSync(turned);
    // The matrix of the track header (ISO 14496-12, 8.3.2), for a quarter turn.
    const matrix = [0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000];
    const matrixAt = file.indexOf('tkhd') + 44;
    for (const [index, value] of matrix.entries()) file.writeInt32BE(value, matrixAt + 4 * index);
    writeFileSync(turned, file);
    const [frame] = await take(replay({ path: turned }).source, 1);
    assert.deepEqual([frame?.widthPx, frame?.heightPx], [64, 96]);
  });

  it('goes on counting and telling the time from pass to pass in a loop', async () => {
    const frames = await take(replay({ path: at('ten.mkv'), loop: true }).source, 25);
    assert.deepEqual(
      frames.map(({ sequence, monotonicMs }) => [sequence, monotonicMs]),
      Array.from({ length: 25 }, (_, index) => [index, index * 50]),
    );
    assert.deepEqual(frames[24]?.data, frames[4]?.data);
  });

  it('keeps the native pace, and a pace of its own, without changing the time of the file', async () => {
    for (const [pace, shortestMs] of [
      ['native', 449],
      [40, 224],
    ] as const) {
      const { source } = replay({ path: at('ten.mkv'), pace });
      assert.equal(source.pacing, 'live');
      const frames = await take(source);
      const tookMs = frames[9]!.capturedAtMs - frames[0]!.capturedAtMs;
      assert.ok(tookMs >= shortestMs - 2, `${pace}: ${tookMs} ms`);
      assert.equal(frames[9]?.monotonicMs, 450);
    }
  });

  it('plays a folder in natural order, leaves out the broken picture and says so once', async () => {
    const { source, log } = replay({ path: at('folder'), loop: true });
    const frames = await take(source, 6);
    assert.deepEqual(
      frames.map(({ widthPx }) => widthPx),
      [24, 16, 16, 24, 16, 16],
    );
    const [red, blue, green] = frames;
    assert.ok(red!.data[0]! > 200 && red!.data[2]! < 50);
    assert.deepEqual([...blue!.data.subarray(0, 3)], [0, 0, 255]);
    assert.ok(green!.data[1]! > 200);
    assert.equal(red?.pixelFormat, 'rgb24');
    assert.equal(red?.strideBytes, 72);
    assert.deepEqual(
      frames.map(({ monotonicMs }) => monotonicMs),
      [0, 100, 200, 300, 400, 500],
    );
    assert.equal(log.lines.length, 1);
    assert.match(
      log.lines[0] ?? '',
      /^warn Cannot read picture ".*frame 9b.png", it is left out: /,
    );
  });

  it('stretches pictures to the size asked for', async () => {
    const frames = await take(replay({ path: at('folder'), size: sized(10, 6) }).source);
    assert.equal(frames.length, 3);
    for (const { data } of frames) assert.equal(data.byteLength, 180);
  });

  for (const [what, name, expected] of [
    ['a missing path', 'missing.mp4', /no such file/],
    ['a file that is no video', 'text.mp4', /"ffprobe" ended with exit code 1, it said ".*Invalid/],
    ['an empty file', 'empty.mp4', /"ffprobe" ended with exit code 1, it said ".*Invalid/],
    ['a folder without pictures', 'nothing', /it has no picture \(\.jpg, \.jpeg, \.png/],
    ['a folder of broken pictures', 'broken', /none of its pictures can be read/],
  ] as const) {
    it(`says in a sentence what is wrong with ${what}`, async () => {
      await assert.rejects(
        take(replay({ path: at(name), loop: true }).source),
        (error: unknown) => {
          assert.ok(error instanceof CameraError);
          assert.ok(error.message.startsWith(`Cannot replay "${at(name)}": `), error.message);
          assert.match(error.message, expected);
          return true;
        },
      );
    });
  }

  it('says that a file has sound only', async () => {
    const path = at('sound.wav');
    const args = ['-y', '-loglevel', 'error', '-f', 'lavfi', '-i', 'sine=duration=0.1', path];
    execFileSync('ffmpeg', args);
    await assert.rejects(take(replay({ path }).source), /it has no video of known size/);
  });

  it('names the package to install when ffmpeg is missing', async () => {
    const { source } = replay({ path: at('ten.mkv') }, '/nowhere');
    await assert.rejects(take(source), /no program "ffprobe" on PATH, install the package ffmpeg/);
  });

  it('fails when the decoder is killed, and does not take that for the end', async () => {
    // Frames too large for the pipe to hold them all.
    const { source, mark } = replay({ path: at('ten.mkv'), pace: 5, size: sized(640, 640) });
    await assert.rejects(async () => {
      for await (const _ of source.frames(NEVER)) {
        for (const { pid } of mark.living()) process.kill(pid, 'SIGKILL');
      }
    }, /"decode-video" was killed by SIGKILL/);
  });

  it('leaves no process when aborted at any moment', async () => {
    for (const pace of ['max', 'native'] as const) {
      for (let round = 0; round < 8; round += 1) {
        const { source, mark } = replay({ path: at('ten.mkv'), pace, loop: true });
        const stop = new AbortController();
        setTimeout(() => stop.abort(), Math.random() * 250);
        for await (const _ of source.frames(stop.signal));
        assert.deepEqual(mark.living(), []);
      }
    }
  });
});

function sized(widthPx: number, heightPx: number) {
  return { widthPx, heightPx };
}
