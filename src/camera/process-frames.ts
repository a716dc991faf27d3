import type { FramePool } from '../domain/frame-pool.js';
import type { Log } from '../log.js';
import { type CameraCommand, CameraProcess } from './camera-process.js';

/** How long a program may take to give a complete frame, in ms. */
export interface FrameDeadlines {
  readonly firstMs: number;
  readonly nextMs: number;
}

/** What is a stall at a given time between two frames: sensors start slowly, and may be late once. */
export function frameDeadlines(intervalMs: number): FrameDeadlines {
  return { firstMs: 15_000, nextMs: Math.max(5_000, 5 * intervalMs) };
}

/** A program's raw frames. */
export interface FrameStream {
  readonly command: CameraCommand;
  readonly frameBytes: number;
  readonly deadlines: FrameDeadlines;
  readonly pool: FramePool;
}

/**
 * Runs the program and gives its frames; each belongs to the consumer. Time that the consumer takes
 * is not held against the program. What is left of a partial frame at the end is dropped.
 * @throws CameraError as CameraProcess does.
 */
export async function* processFrames(
  stream: FrameStream,
  log: Log,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const { command, frameBytes, deadlines, pool } = stream;
  await using camera = await CameraProcess.start(command, { bytes: frameBytes, pool }, log);
  camera.expectWithin(deadlines.firstMs);
  for await (const frame of camera.output(signal)) {
    if (frame.byteLength < frameBytes) continue;
    camera.expectNothing();
    yield frame;
    camera.expectWithin(deadlines.nextMs);
  }
}
