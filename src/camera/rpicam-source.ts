import { type Frame, type FrameLayout, frameByteLength } from '../domain/frame.js';
import { FramePool } from '../domain/frame-pool.js';
import { CameraError } from '../errors.js';
import { findProgram } from '../processes/program-path.js';
import { type CameraCommand, CameraProcess } from './camera-process.js';
import type { FrameSource } from './frame-source.js';
import { newest } from './newest.js';
import { frameDeadlines, processFrames } from './process-frames.js';
import { certainLayout, configuredSize, layoutOfBytes, possibleLayouts } from './rpicam-layout.js';
import type { SourceContext } from './source-context.js';

/** It ignores SIGINT while the sensor is dead. */
const STOP_GRACE_MS = 2_000;
/** In which a frame of unknown length is read. */
const LEARN_BLOCK_BYTES = 1 << 16;
/** The second is what the program was called before November 2023. */
const PROGRAMS = ['rpicam-vid', 'libcamera-vid'];
/** Lines that tell a user what the last line, or a program that goes on, does not. */
const WARNINGS = /timed out|Device timeout|in use by another process/;

export interface RpicamOptions {
  /** Both even. The camera scales for free: ask for what detector and snapshots need, not more. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Frames per second, above 0. */
  readonly fps: number;
  /** Place in the list that `rpicam-vid --list-cameras` prints, from 0. */
  readonly cameraIndex: number;
}

/**
 * The Raspberry Pi's camera through `rpicam-vid`: raw YUV420, scaled by the camera's own hardware.
 * Frames come as read; one that the consumer has no time for is overtaken by the next.
 */
export class RpicamSource implements FrameSource {
  readonly pacing = 'live';
  readonly #options: RpicamOptions;
  readonly #context: SourceContext;
  /** Once known it holds: it depends on the machine and the width. */
  #layout: FrameLayout | null;

  constructor(options: RpicamOptions, context: SourceContext) {
    this.#options = options;
    this.#context = context;
    this.#layout = certainLayout(options);
  }

  async *frames(signal: AbortSignal): AsyncGenerator<Frame, void, undefined> {
    this.#layout ??= await this.#learnLayout(signal);
    if (this.#layout === null) return;
    const layout = this.#layout;
    const { log, pool } = this.#context;
    const stream = {
      command: this.#command(['-t', '0'], false),
      frameBytes: frameByteLength(layout),
      deadlines: frameDeadlines(1000 / this.#options.fps),
      pool,
    };
    const arrivals = async function* (stop: AbortSignal) {
      for await (const data of processFrames(stream, log, stop)) {
        yield { data, capturedAtMs: Date.now(), monotonicMs: performance.now() };
      }
    };
    let overtaken = 0;
    const skip = ({ data }: Pick<Frame, 'data'>) => {
      overtaken += 1;
      pool.give(data);
    };
    let sequence = 0;
    try {
      // The program tears a frame when its reader pauses, so it is read whatever the consumer does.
      for await (const arrival of newest(arrivals, skip, signal)) {
        yield { ...layout, ...arrival, sequence, timestampSource: 'read' };
        sequence += 1;
      }
    } finally {
      log.debug(`Camera gave ${sequence + overtaken} frames, ${overtaken} of them overtaken`);
    }
  }

  /** Takes a single frame and tells the padding from its length; null when aborted. */
  async #learnLayout(signal: AbortSignal): Promise<FrameLayout | null> {
    const command = this.#command(['--frames', '1'], true);
    const pool = new FramePool();
    const blocks = { bytes: LEARN_BLOCK_BYTES, pool };
    await using camera = await CameraProcess.start(command, blocks, this.#context.log);
    camera.expectWithin(frameDeadlines(1000 / this.#options.fps).firstMs);
    let frameBytes = 0;
    for await (const block of camera.output(signal)) {
      frameBytes += block.byteLength;
      pool.give(block);
    }
    if (signal.aborted) return null;
    const layout = layoutOfBytes(this.#options, frameBytes);
    if (layout !== null) return layout;
    const { widthPx, heightPx } = this.#options;
    const valid = possibleLayouts(this.#options).map(frameByteLength).join(', ');
    throw new CameraError(
      `Cannot read the camera: a frame of ${widthPx}x${heightPx} takes ${frameBytes} bytes, expected one of ${valid}; a width of 640 or 1280 avoids this`,
    );
  }

  #command(length: readonly string[], finite: boolean): CameraCommand {
    const { widthPx, heightPx, fps, cameraIndex } = this.#options;
    const program = findProgram(PROGRAMS, this.#context.env);
    if (program === null) {
      throw new CameraError(
        `Cannot read the camera: no program "${PROGRAMS.join('" or "')}" on PATH, install the package rpicam-apps-lite (before 2023: libcamera-apps-lite)`,
      );
    }
    return {
      purpose: 'read the camera',
      program,
      // Without --flush the end of a frame comes only with the next one.
      args: [
        ...['-n', ...length, '--codec', 'yuv420', '--flush', '-o', '-'],
        ...['--width', `${widthPx}`, '--height', `${heightPx}`],
        ...['--framerate', `${fps}`, '--camera', `${cameraIndex}`],
      ],
      env: this.#context.env,
      stopSignal: 'SIGINT',
      graceMs: STOP_GRACE_MS,
      finite,
      warnings: WARNINGS,
      faultIn: (line) => {
        const size = configuredSize(line);
        if (size === null || (size.widthPx === widthPx && size.heightPx === heightPx)) return null;
        return `gives ${size.widthPx}x${size.heightPx} instead of ${widthPx}x${heightPx}`;
      },
    };
  }
}
