import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { messageOf } from '../errors.js';

/**
 * The whole of a regular file that somebody wrote by hand.
 * @throws Error whose message says in plain words what the matter is, never what the file holds.
 */
export async function readSmallFile(file: string, maxBytes: number): Promise<Uint8Array> {
  try {
    // Opening a named pipe would wait for a writer without O_NONBLOCK.
    await using handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    if (!(await handle.stat()).isFile()) throw new Error('not a regular file');
    const buffer = new Uint8Array(maxBytes + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length);
      if (bytesRead === 0) return buffer.subarray(0, length);
      length += bytesRead;
      if (length > maxBytes) throw new Error(`longer than ${maxBytes} bytes`);
    }
  } catch (error) {
    throw new Error(messageOf(error), { cause: error });
  }
}

/**
 * Bytes as text.
 * @throws Error when they are not UTF-8 or hold a NUL.
 */
export function textOf(bytes: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Error('not UTF-8 text', { cause: error });
  }
  if (text.includes('\0')) throw new Error('not text: it holds a NUL byte');
  return text;
}
