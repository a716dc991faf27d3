import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { withTimeLimit } from '../async/time-limit.js';
import { messageOf } from '../errors.js';
import { prepareFolder, writeWhole } from '../files/write-whole.js';
import { indexSettings } from './index-settings.js';
import { readLibraryFile } from './library-file.js';
import type { LibraryPin } from './library-pin.js';
import { readLibraryState, type WantedLibrary } from './library-state.js';
import { fetchLibrary } from './package-index.js';
import { readPipOptions } from './pip-options.js';

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
  const { wanted, from, env, timeoutMs } = request;
  const before = await readLibraryState(wanted);
  if (before.kind === 'verified') return { ...before, from: null };
  const { pin } = wanted;
  if (before.kind === 'unsupported' || pin === null) {
    return { kind: 'unsupported', reason: before.reason };
  }
  await prepareFolder(wanted.file);
  const found =
    from === null
      ? await withTimeLimit(timeoutMs, (limited) => search(pin, env, limited), signal)
      : { library: await readLibraryFile(from, pin), from };
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

/** Looks through all places, in their order. */
async function search(
  pin: LibraryPin,
  env: PullRequest['env'],
  signal: AbortSignal,
): Promise<FoundLibrary> {
  const { places, network } = await indexSettings(await readPipOptions(env), env);
  const failures: string[] = [];
  for (const place of places) {
    try {
      return place.kind === 'page'
        ? { library: await fetchLibrary(place.url, pin, network, signal), from: place.url.host }
        : { library: await readFromFolder(place.path, pin), from: place.path };
    } catch (error) {
      failures.push(messageOf(error));
      if (signal.aborted) break;
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
