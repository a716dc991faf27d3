import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { packedLayout } from '../domain/frame.js';
import type { PictureDecoder, PictureSize } from '../domain/picture.js';
import { CameraError, messageOf } from '../errors.js';
import type { Log } from '../log.js';
import type { Image, ReplayMedium } from './replay-medium.js';

const ENDINGS = ['.jpg', '.jpeg', '.png', '.bmp', '.webp'];

export interface FolderOptions {
  readonly folder: string;
  /** Size to stretch pictures to; null leaves each its own. */
  readonly size: PictureSize | null;
  readonly fps: number;
}

/**
 * The pictures of a folder in the natural order of their names. One that cannot be read is told of
 * once and left out from then on.
 * @throws CameraError when the folder cannot be read or holds no picture.
 */
export async function openPictureFolder(
  options: FolderOptions,
  decode: PictureDecoder,
  log: Log,
): Promise<ReplayMedium> {
  const { folder, size, fps } = options;
  let names = await pictureNames(folder);

  const read = async (name: string): Promise<Image | null> => {
    const file = join(folder, name);
    try {
      const { widthPx, heightPx, data } = await decode(file, size);
      return { ...packedLayout('rgb24', widthPx, heightPx), data };
    } catch (problem) {
      log.warn(`Cannot read picture "${file}", it is left out: ${messageOf(problem)}`);
      names = names.filter((it) => it !== name);
      return null;
    }
  };

  return {
    fps,
    async *pass(signal) {
      for (const name of names) {
        if (signal.aborted) return;
        const image = await read(name);
        if (image !== null) yield image;
      }
      if (names.length > 0) return;
      throw new CameraError(`Cannot replay "${folder}": none of its pictures can be read`);
    },
  };
}

async function pictureNames(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder).catch((cause: unknown) => {
    throw new CameraError(`Cannot replay "${folder}": ${messageOf(cause)}`, { cause });
  });
  const names = entries.filter((name) => ENDINGS.includes(extname(name).toLowerCase()));
  // Numbers in their order: `frame 9` before `frame 10`. Made only here, for it loads large tables.
  if (names.length > 0) return names.sort(new Intl.Collator('en', { numeric: true }).compare);
  throw new CameraError(`Cannot replay "${folder}": it has no picture (${ENDINGS.join(', ')})`);
}
