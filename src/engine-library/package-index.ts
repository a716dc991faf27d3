import type { NetworkSettings } from './connection.js';
import { BrokenTransferError, type HttpAnswer, httpGet } from './http-get.js';
import { ACCEPT, type FileLink, findFile } from './index-page.js';
import { unpackLibrary } from './library-bytes.js';
import type { LibraryPin } from './library-pin.js';

/** Pages of a hundred releases take 0.1–1 MB. */
const MAX_PAGE_BYTES = 16 << 20;

/**
 * Fetches the library out of the wheel that a page of a package index links to; of the wheel's 22 MB
 * only the part that holds it.
 * @throws Error when it is not to be had there, or another one is; nothing in the text is secret.
 */
export async function fetchLibrary(
  page: URL,
  pin: LibraryPin,
  network: NetworkSettings,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { url } = await httpGet(
    { url: page, headers: { accept: ACCEPT }, network },
    (answer) => findWheel(answer, pin),
    signal,
  );
  const wholeOf = async (answer: HttpAnswer) => {
    if (answer.status !== 200) throw new Error(`status ${answer.status}`);
    return await readLibrary(answer, pin);
  };
  const last = pin.offset + pin.packedBytes - 1;
  const library = await httpGet(
    { url, headers: { range: `bytes=${pin.offset}-${last}` }, network },
    async (answer) => (isUsable(answer, pin) ? await readLibrary(answer, pin) : null),
    signal,
  );
  // Some servers stumble over a range where they would give the whole.
  return library ?? (await httpGet({ url, headers: {}, network }, wholeOf, signal));
}

async function findWheel(answer: HttpAnswer, pin: LibraryPin): Promise<FileLink> {
  const { status, headers, url, body } = answer;
  if (status !== 200) throw new Error(`status ${status}`);
  const text = await readText(body);
  const link = findFile({ text, contentType: headers['content-type'] ?? '', url }, pin.wheel);
  if (link === null) throw new Error(`it has no ${pin.wheel}`);
  if (link.sha256 !== null && link.sha256 !== pin.wheelSha256) {
    throw new Error(
      `it has another ${pin.wheel}: SHA-256 ${link.sha256}, expected ${pin.wheelSha256}`,
    );
  }
  return link;
}

function isUsable({ status, headers }: HttpAnswer, { offset }: LibraryPin): boolean {
  if (status === 206) return headers['content-range']?.startsWith(`bytes ${offset}-`) ?? false;
  return status === 200;
}

/** From a whole wheel too no more is read than to the end of the library. */
async function readLibrary({ status, body }: HttpAnswer, pin: LibraryPin): Promise<Uint8Array> {
  const skipped = status === 206 ? 0 : pin.offset;
  const packed = new Uint8Array(pin.packedBytes);
  let position = -skipped;
  for await (const chunk of body) {
    const part = chunk.subarray(Math.max(0, -position), packed.byteLength - position);
    if (part.byteLength > 0) packed.set(part, Math.max(0, position));
    position += chunk.byteLength;
    if (position >= packed.byteLength) return await unpackLibrary(packed, pin);
  }
  throw new BrokenTransferError(
    `it ended after ${skipped + position} of ${skipped + packed.byteLength} bytes`,
  );
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > MAX_PAGE_BYTES) throw new Error(`its page has more than ${MAX_PAGE_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
