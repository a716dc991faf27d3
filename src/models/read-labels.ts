import { readFile, stat } from 'node:fs/promises';
import { ModelError, messageOf } from '../errors.js';

const MAX_LABEL_BYTES = 1 << 20;

/**
 * Text of a label file.
 * @throws ModelError `unreadable` when it cannot be read, is larger than 1 MiB or is not UTF-8 text.
 */
export async function readLabels(file: string): Promise<string> {
  try {
    const stats = await stat(file);
    if (!stats.isFile()) throw new Error('it is not a file');
    if (stats.size > MAX_LABEL_BYTES)
      throw new Error(`it has ${stats.size} bytes, at most 1 MiB is read`);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
    if (text.includes('\0')) throw new Error('it is not a text file');
    return text;
  } catch (cause) {
    throw new ModelError(`Cannot read labels "${file}": ${messageOf(cause)}`, {
      code: 'unreadable',
      cause,
    });
  }
}
