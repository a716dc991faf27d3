import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { OutputPipe } from '../../src/camera/output-pipe.js';
import { FramePool } from '../../src/domain/frame-pool.js';
import { programFile } from '../../src/native-addon.js';
import { tempFolder } from '../helpers/temp-folder.js';

const PROGRAM = programFile('decode-video');
const [WIDTH_PX, HEIGHT_PX, FPS] = [160, 96, 25];
const FRAME_BYTES = (WIDTH_PX * HEIGHT_PX * 3) / 2;
const SOURCE = `testsrc2=size=${WIDTH_PX}x${HEIGHT_PX}:rate=${FPS}`;
/** Larger, smaller, of another shape, and none with rows of whole vectors. */
const SIZES = [
  [320, 192],
  [64, 48],
  [90, 162],
] as const;
const MAX_OUTPUT_BYTES = 50_000_000;

/** Videos as they come: codecs with and without frames out of order, with and without times. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  'h264.mp4': ['-c:v', 'libx264', '-bf', '3'],
  'h264.h264': ['-c:v', 'libx264', '-bf', '2'],
  'late.ts': ['-c:v', 'libx264', '-bf', '3', '-output_ts_offset', '100'],
  'no-times.avi': ['-c:v', 'mpeg4', '-bf', '2'],
  'mpeg2.mpg': ['-c:v', 'mpeg2video'],
  'vp9.webm': ['-c:v', 'libvpx-vp9', '-cpu-used', '8'],
};

function makeVideo(file: string, options: readonly string[], source = SOURCE): string {
  const input = ['-y', '-v', 'error', '-f', 'lavfi', '-i', source, '-pix_fmt', 'yuv420p'];
  execFileSync('ffmpeg', [...input, ...options, file]);
  return file;
}

function ffmpegOf(file: string, widthPx = WIDTH_PX, heightPx = HEIGHT_PX): Buffer {
  const scale = `scale=${widthPx}:${heightPx}:flags=bilinear`;
  const args = [
    '-v',
    'error',
    '-i',
    file,
    '-vf',
    scale,
    '-r',
    `${FPS}`,
    '-f',
    'rawvideo',
    'pipe:1',
  ];
  return execFileSync('ffmpeg', args, { maxBuffer: MAX_OUTPUT_BYTES });
}

/** Runs the program; instead of it, `echo` shows that it has given way. */
function decoded(file: string, widthPx = WIDTH_PX, heightPx = HEIGHT_PX) {
  const args = [widthPx, heightPx, FPS, file, 'echo', 'given way'].map(String);
  return spawnSync(PROGRAM, args, { maxBuffer: MAX_OUTPUT_BYTES });
}

const folder = tempFolder();
const at = (name: string) => join(folder, name);

/** A second of the usual video, and then one of another source and kind of pixels. */
function makeTwoParts(source: string, pixels: string): string {
  const options = ['-t', '1', '-c:v', 'libx264'];
  const first = readFileSync(makeVideo(at('first.ts'), options));
  const second = makeVideo(at('second.ts'), [...options, '-pix_fmt', pixels], source);
  writeFileSync(at('both.ts'), Buffer.concat([first, readFileSync(second)]));
  return at('both.ts');
}

describe('decode-video', () => {
  for (const [name, options] of Object.entries(KINDS)) {
    it(`gives the frames of ${name} as ffmpeg does`, () => {
      const file = makeVideo(at(name), ['-t', '2', ...options]);
      const { stdout, status } = decoded(file);
      assert.equal(status, 0);
      assert.equal(stdout.length / FRAME_BYTES, 2 * FPS);
      assert.ok(stdout.equals(ffmpegOf(file)));
    });
  }

  for (const [widthPx, heightPx] of SIZES) {
    it(`scales frames to ${widthPx}x${heightPx} as ffmpeg does`, () => {
      const file = makeVideo(at('scaled.mp4'), ['-t', '1', '-c:v', 'libx264']);
      const { stdout, status } = decoded(file, widthPx, heightPx);
      assert.equal(status, 0);
      assert.equal(stdout.length / ((widthPx * heightPx * 3) / 2), FPS);
      assert.ok(stdout.equals(ffmpegOf(file, widthPx, heightPx)));
    });
  }

  it('repeats a frame where others are missing, and drops none that is a little early', () => {
    const gaps = `${SOURCE},select='not(between(n,20,34))'`;
    const options = ['-t', '2', '-fps_mode', 'vfr', '-c:v', 'libx264', '-enc_time_base', '1:1000'];
    const { stdout } = decoded(makeVideo(at('gaps.mkv'), options, gaps));
    const frames = Array.from({ length: stdout.length / FRAME_BYTES }, (_, index) =>
      stdout.subarray(index * FRAME_BYTES, (index + 1) * FRAME_BYTES).toString('latin1'),
    );
    assert.equal(frames.length, 2 * FPS);
    assert.equal(new Set(frames).size, 2 * FPS - 15);
  });

  it('gives every frame unharmed to a reader that is late', async () => {
    const file = makeVideo(at('slow.mp4'), ['-t', '4', '-c:v', 'libx264']);
    const expected = ffmpegOf(file);
    const pipe = OutputPipe.open({ bytes: FRAME_BYTES, pool: new FramePool() });
    const command = [WIDTH_PX, HEIGHT_PX, FPS, file, 'false'].map(String);
    pipe.handOver((fd) => spawn(PROGRAM, command, { stdio: ['ignore', fd, 'inherit'] }));
    let count = 0;
    for (let block = await pipe.next(); block; block = await pipe.next(), count += 1) {
      const frame = expected.subarray(count * FRAME_BYTES, (count + 1) * FRAME_BYTES);
      assert.ok(frame.equals(block), `frame ${count}`);
      if (count % 3 === 0) await sleep(5);
    }
    assert.equal(count, 4 * FPS);
  });

  it('gives way to the other program where it cannot begin', () => {
    const text = at('text.mp4');
    writeFileSync(text, 'this is no video');
    const deep = makeVideo(at('deep.mkv'), ['-t', '1', '-c:v', 'ffv1', '-pix_fmt', 'yuv422p']);
    for (const file of [text, deep, at('none.mp4')]) {
      assert.equal(decoded(file).stdout.toString(), 'given way\n', file);
    }
  });

  it('keeps its size when that of the video changes', () => {
    const { stdout, status } = decoded(makeTwoParts('testsrc2=size=64x64', 'yuv420p'));
    assert.equal(status, 0);
    assert.equal(stdout.length / FRAME_BYTES, 2 * FPS);
  });

  it('tells of an end that came too early', () => {
    const { stdout, stderr, status } = decoded(makeTwoParts(SOURCE, 'yuv422p'));
    assert.equal(status, 1);
    assert.ok(stdout.length > 0);
    assert.match(
      stderr.toString(),
      /cannot make 160x96 yuv420p of a picture of 160x96 and format 4/,
    );
  });

  it('says what it is called with', () => {
    for (const args of [
      ['160', '96'],
      ['161', '96', '25', 'x.mp4', 'echo'],
    ]) {
      assert.match(spawnSync(PROGRAM, args).stderr.toString(), /^usage: decode-video WIDTH/);
    }
  });
});
