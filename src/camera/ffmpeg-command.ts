import { CameraError } from '../errors.js';
import { findProgram } from '../processes/program-path.js';
import type { CameraCommand } from './camera-process.js';

/** Reading a file has nothing to finish when it is stopped. */
const STOP_GRACE_MS = 500;

/**
 * A run of one of ffmpeg's programs on a file.
 * @throws CameraError when the program is not installed.
 */
export function ffmpegCommand(
  program: 'ffmpeg' | 'ffprobe',
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): CameraCommand {
  const purpose = `replay "${file}"`;
  const path = findProgram([program], env);
  if (path === null) {
    throw new CameraError(
      `Cannot ${purpose}: no program "${program}" on PATH, install the package ffmpeg`,
    );
  }
  const stopSignal = 'SIGTERM';
  return { purpose, program: path, args, env, stopSignal, graceMs: STOP_GRACE_MS, finite: true };
}

/** The file as ffmpeg's programs take it, whatever its name looks like. */
export function fileUrl(file: string): string {
  return `file:${file}`;
}
