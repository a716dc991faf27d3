import { spawnSync } from 'node:child_process';
import type { ModelFile, TensorInfo } from '../src/models/model-file.js';

/** Where in the video the picture is taken; in the default video a person is in sight then. */
const AT_S = '7';

/**
 * The bytes of a model's input when it looks at a picture of a video, the same for every engine.
 * @throws Error when the model takes anything but one picture, or the video has no such picture.
 */
export function modelInput(model: ModelFile, video: string): Uint8Array {
  const [input, second] = model.inputs;
  const [batch, height = 0, width = 0, channels = 0] = input?.shape ?? [];
  if (!input || second || batch !== 1 || !(channels === 1 || channels === 3)) {
    const shapes = model.inputs.map(({ shape }) => `[${shape.join(', ')}]`).join(' and ');
    throw new Error(`it takes ${shapes || 'nothing'}, expected one picture`);
  }
  const pixels = pictureFrom(video, { width, height, format: channels === 1 ? 'gray' : 'rgb24' });
  return tensorBytes(pixels, input);
}

function pictureFrom(
  video: string,
  { width, height, format }: { width: number; height: number; format: string },
): Uint8Array {
  const size = ['-s', `${width}x${height}`, '-pix_fmt', format];
  const { stdout, stderr } = spawnSync(
    'ffmpeg',
    ['-v', 'error', '-ss', AT_S, '-i', video, ...size, '-frames:v', '1', '-f', 'rawvideo', '-'],
    { maxBuffer: 64 << 20 },
  );
  if (stdout && stdout.byteLength > 0) return stdout;
  throw new Error(`Cannot take a picture from "${video}" at ${AT_S} s: ${stderr ?? 'no ffmpeg'}`);
}

/** Pixels (0..255) as the type of the tensor stores them. */
export function tensorBytes(pixels: Uint8Array, { dtype }: TensorInfo): Uint8Array {
  switch (dtype) {
    case 'uint8':
      return pixels;
    case 'int8':
      return pixels.map((pixel) => pixel ^ 0x80);
    case 'float32':
      return new Uint8Array(Float32Array.from(pixels, (pixel) => pixel / 127.5 - 1).buffer);
    default:
      throw new Error(`its input is ${dtype}, expected uint8, int8 or float32`);
  }
}
