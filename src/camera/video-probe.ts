import type { YuvColours } from '../domain/frame.js';
import { FramePool } from '../domain/frame-pool.js';
import type { PictureSize } from '../domain/picture.js';
import { CameraError } from '../errors.js';
import { CameraProcess } from './camera-process.js';
import { ffmpegCommand, fileUrl } from './ffmpeg-command.js';
import type { SourceContext } from './source-context.js';

const LIMIT_MS = 15_000;
/** What it says beyond this is not read. */
const MAX_ANSWER_BYTES = 10_000;
const ENTRIES =
  'stream=width,height,avg_frame_rate,r_frame_rate,pix_fmt,color_range,color_space:stream_side_data=rotation:stream_tags=rotate';

/** FFmpeg's names; what it does not know it takes for BT.601. */
const COLOURS = new Map<string, YuvColours>([
  ['bt709', 'bt709'],
  ['smpte170m', 'bt601'],
  ['bt470bg', 'bt601'],
  ['unknown', 'bt601'],
]);

/** What is known of a video before it is played. */
export interface VideoFacts {
  /** As the video is shown, that is after its rotation. */
  readonly size: PictureSize;
  /** Whether its pictures are stored in another position than they are shown in. */
  readonly isRotated: boolean;
  /** Frames per second, above 0. */
  readonly fps: number;
  /** Null when it is not 8-bit YUV420 of known colours. */
  readonly colours: YuvColours | null;
}

/**
 * Asks ffprobe for the first video stream of a file; null when aborted.
 * @throws CameraError when there is none, or none with a size and a rate.
 */
export async function probeVideo(
  file: string,
  { env, log }: SourceContext,
  signal: AbortSignal,
): Promise<VideoFacts | null> {
  const args = ['-v', 'error', '-select_streams', 'v:0', '-show_entries', ENTRIES];
  const format = ['-of', 'default=noprint_wrappers=1', fileUrl(file)];
  const command = ffmpegCommand('ffprobe', file, [...args, ...format], env);
  const blocks = { bytes: MAX_ANSWER_BYTES, pool: new FramePool() };
  await using probe = await CameraProcess.start(command, blocks, log);
  probe.expectWithin(LIMIT_MS);
  let answer = '';
  for await (const block of probe.output(signal)) answer ||= Buffer.from(block).toString('latin1');
  if (signal.aborted) return null;
  const facts = parseProbe(answer);
  if (facts !== null) return facts;
  throw new CameraError(`Cannot replay "${file}": it has no video of known size and frame rate`);
}

/** Reads ffprobe's lines `name=value`; null when size or rate are missing. */
export function parseProbe(answer: string): VideoFacts | null {
  const textOf = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(answer)?.[1] ?? '';
  const width = Number(textOf('width'));
  const height = Number(textOf('height'));
  const fps = quotient(textOf('avg_frame_rate')) ?? quotient(textOf('r_frame_rate'));
  if (!(width > 0 && height > 0) || fps === null) return null;
  // Newer files carry a display matrix, older ones a tag; ffmpeg turns the picture for both.
  const rotation = Number(textOf('rotation') || textOf('TAG:rotate'));
  const quarters = Math.round(rotation / 90) % 4;
  const size =
    quarters % 2 === 0
      ? { widthPx: width, heightPx: height }
      : { widthPx: height, heightPx: width };
  const isPlain = textOf('pix_fmt') === 'yuv420p' && textOf('color_range') !== 'pc';
  const colours = isPlain ? COLOURS.get(textOf('color_space') || 'unknown') : null;
  return { size, isRotated: quarters !== 0, fps, colours: colours ?? null };
}

/** The value of a fraction such as `30000/1001`; null for `0/0`, which says that it is unknown. */
function quotient(fraction: string): number | null {
  const [, above, below] = /^(\d+)\/(\d+)$/.exec(fraction) ?? [];
  const value = Number(above) / Number(below);
  return value > 0 && Number.isFinite(value) ? value : null;
}
