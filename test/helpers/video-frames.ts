import { spawn } from 'node:child_process';
import { type Frame, frameByteLength, packedLayout } from '../../src/domain/frame.js';
import { makeFrame } from './frames.js';

const SIZE = { widthPx: 640, heightPx: 480 };

/** Which frames of a video are wanted. */
export interface FrameChoice {
  /** Every n-th one. */
  readonly stride: number;
  readonly count: number;
}

/** Frames of a video as ffmpeg decodes them, stretched to 640×480. */
export async function* videoFrames(
  file: string,
  { stride, count }: FrameChoice,
): AsyncGenerator<Frame> {
  const size = frameByteLength(packedLayout('rgb24', SIZE.widthPx, SIZE.heightPx));
  const filter = `select=not(mod(n\\,${stride})),scale=${SIZE.widthPx}:${SIZE.heightPx}`;
  const child = spawn(
    'ffmpeg',
    [
      ...['-v', 'error', '-i', file, '-vf', filter, '-fps_mode', 'passthrough'],
      ...['-frames:v', `${count}`, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let data = new Uint8Array(size);
  let filled = 0;
  let sequence = 0;
  for await (const chunk of child.stdout as AsyncIterable<Uint8Array>) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + size - filled);
      data.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < size) continue;
      yield makeFrame({ ...SIZE, data, sequence });
      sequence += 1;
      data = new Uint8Array(size);
      filled = 0;
    }
  }
  if (sequence === 0) throw new Error(`ffmpeg gave no frame of ${file}`);
}
