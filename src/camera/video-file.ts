import { frameByteLength, packedLayout } from '../domain/frame.js';
import type { PictureSize } from '../domain/picture.js';
import { CameraError } from '../errors.js';
import { programFile } from '../native-addon.js';
import type { CameraCommand } from './camera-process.js';
import { ffmpegCommand, fileUrl } from './ffmpeg-command.js';
import { frameDeadlines, processFrames } from './process-frames.js';
import type { ReplayMedium } from './replay-medium.js';
import type { SourceContext } from './source-context.js';
import { probeVideo, type VideoFacts } from './video-probe.js';

/**
 * The first video stream of a file, decoded by ffmpeg to YUV420. The size (null: the video's own) is
 * rounded down to even numbers, as the subsampled chroma needs them. Null when aborted.
 * @throws CameraError when the file is no video, or ffmpeg is not installed.
 */
export async function openVideo(
  file: string,
  size: PictureSize | null,
  context: SourceContext,
  signal: AbortSignal,
): Promise<ReplayMedium | null> {
  const facts = await probeVideo(file, context, signal);
  if (facts === null) return null;
  const { widthPx, heightPx } = size ?? facts.size;
  const packed = packedLayout('yuv420p', even(widthPx), even(heightPx));
  const layout = { ...packed, colours: facts.colours ?? packed.colours };
  const stream = {
    command: decodingCommand(file, facts, layout, context.env),
    frameBytes: frameByteLength(layout),
    deadlines: frameDeadlines(1000 / facts.fps),
    pool: context.pool,
  };
  return {
    fps: facts.fps,
    async *pass(abort) {
      let frames = 0;
      for await (const data of processFrames(stream, context.log, abort)) {
        frames += 1;
        yield { ...layout, data };
      }
      if (frames > 0 || abort.aborted) return;
      throw new CameraError(`Cannot replay "${file}": ffmpeg found no frame in it`);
    },
  };
}

function decodingCommand(
  file: string,
  { fps, colours, isRotated }: VideoFacts,
  { widthPx, heightPx }: PictureSize,
  env: NodeJS.ProcessEnv,
): CameraCommand {
  // Colours that we know stay as they are: to convert them would take as long as to decode.
  const conversion = colours === null ? ':out_range=full:out_color_matrix=bt601' : '';
  const scale = `scale=${widthPx}:${heightPx}:flags=bilinear${conversion}`;
  const one = ['-threads', '1'];
  const ffmpeg = ffmpegCommand(
    'ffmpeg',
    file,
    [
      // Decoding on all cores would take them from the detector, which needs them more.
      ...['-nostdin', '-loglevel', 'error', ...one, '-filter_threads', '1'],
      ...['-i', fileUrl(file), '-map', '0:v:0', '-vf', `${scale},format=yuv420p`],
      // The nominal rate, so that a frame's number gives its time even where the file's rate varies.
      ...['-r', `${fps}`, ...one, '-f', 'rawvideo', 'pipe:1'],
    ],
    env,
  );
  if (isRotated || colours === null) return ffmpeg;
  // Takes less memory, as it has nothing for filters, devices and screens, and copies less.
  const args = [`${widthPx}`, `${heightPx}`, `${fps}`, fileUrl(file), ffmpeg.program];
  return { ...ffmpeg, program: programFile('decode-video'), args: [...args, ...ffmpeg.args] };
}

function even(lengthPx: number): number {
  return Math.max(2, lengthPx - (lengthPx % 2));
}
