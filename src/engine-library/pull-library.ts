import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../errors.js';
import { indexSettings, type Place } from './index-settings.js';
import { readLibraryFile } from './library-file.js';
import type { LibraryPin } from './library-pin.js';
import { readLibraryState, type WantedLibrary } from './library-state.js';
import { fetchLibrary } from './package-index.js';
import { readPipOptions } from './pip-options.js';
import { prepareFolder, writeWhole } from './write-whole.js';

/** What a pull needs to know. */
export interface PullRequest {
  readonly wanted: WantedLibrary;
  /** A wheel or library to take it from; null for the package index of this machine. */
  readonly from: string | null;
  /** Says, with pip's files, which index that is. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
}

/** What came of it. */
export type PullResult =
  | {
      readonly kind: 'verified';
      readonly libraryFile: string;
      readonly version: string;
      /** Where it was taken from: a file or the name of a host; null when it was there already. */
      readonly from: string | null;
    }
  /** There is none for this machine. */
  | { readonly kind: 'unsupported'; readonly reason: string };

/**
 * Sees to it that the pinned library is in its place: does nothing where it is already, fetches and
 * verifies it where it is not. Whatever goes wrong leaves things as they were.
 * @throws Error that says of every place that was tried why it was not to be had there.
 */
export async function pullLibrary(request: PullRequest, signal: AbortSignal): Promise<PullResult> {
  const { wanted, from } = request;
  const before = await readLibraryState(wanted);
  if (before.kind === 'verified') return { ...before, from: null };
  if (before.kind === 'unsupported' || wanted.pin === null) {
    return { kind: 'unsupported', reason: before.reason };
  }
  await prepareFolder(wanted.file);
  const found =
    from === null
      ? await search(wanted.pin, request, signal)
      : { library: await readLibraryFile(from, wanted.pin), from };
  signal.throwIfAborted();
  await writeWhole(wanted.file, found.library);
  // What counts is what can be read again, not what was written.
  const after = await readLibraryState(wanted);
  if (after.kind !== 'verified') throw new Error(`Cannot use what was fetched: ${after.reason}`);
  return { ...after, from: found.from };
}

interface FoundLibrary {
  readonly library: Uint8Array;
  readonly from: string;
}

/** Looks through all places within the time limit. */
async function search(
  pin: LibraryPin,
  { env, timeoutMs }: PullRequest,
  signal: AbortSignal,
): Promise<FoundLibrary> {
  const { places, network } = await indexSettings(await readPipOptions(env), env);
  const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const failures: string[] = [];
  for (const place of places) {
    try {
      const library =
        place.kind === 'page'
          ? await fetchLibrary(place.url, pin, network, limited)
          : await readFromFolder(place.path, pin);
      return { library, from: nameOf(place) };
    } catch (error) {
      signal.throwIfAborted();
      failures.push(limited.aborted ? tookTooLong(place, timeoutMs) : messageOf(error));
      if (limited.aborted) break;
    }
  }
  const reasons = failures.join('; ') || 'pip has no-index set, and no find-links';
  throw new Error(`Cannot fetch LiteRT ${pin.version}: ${reasons}`);
}

async function readFromFolder(folder: string, pin: LibraryPin): Promise<Uint8Array> {
  const file = join(folder, pin.wheel);
  if (!existsSync(file)) throw new Error(`"${folder}": it has no ${pin.wheel}`);
  return await readLibraryFile(file, pin);
}

function tookTooLong(place: Place, timeoutMs: number): string {
  return `"${nameOf(place)}": it took longer than ${timeoutMs / 1000} s`;
}

function nameOf(place: Place): string {
  return place.kind === 'page' ? place.url.host : place.path;
}
