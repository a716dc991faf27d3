import type { EngineName } from '../domain/engine.js';
import { readLibraryState, wantedLibrary } from '../engine-library/library-state.js';
import { type PullResult, pullLibrary } from '../engine-library/pull-library.js';
import { messageOf } from '../errors.js';
import { packagedRuntime } from './wiring.js';

/** A slow line needs 2 minutes for 3 MB. */
const PULL_TIMEOUT_MS = 180_000;

/** How it stands with one engine on this machine. */
export interface EngineReport {
  readonly name: EngineName;
  /** The runtime behind it, such as `LiteRT 2.3.0`; null where there is none for this machine. */
  readonly runtime: string | null;
  readonly usable: boolean;
  /** Why not; null when it is usable. */
  readonly reason: string | null;
  /** Its library; null when it is not usable. */
  readonly file: string | null;
}

/** Every engine, the fastest first. */
export async function listEngines(): Promise<readonly EngineReport[]> {
  return [await litertReport(), tfjsReport()];
}

/** Whether LiteRT's library is there and verified. */
export async function hasLitert(): Promise<boolean> {
  return (await litertReport()).usable;
}

/**
 * Fetches LiteRT's library unless it is there already.
 * @param from a wheel or library to take it from; null for the package index of this machine.
 * @throws Error when it cannot be had.
 */
export async function pullEngine(
  from: string | null,
  env: Readonly<NodeJS.ProcessEnv>,
  signal: AbortSignal,
): Promise<PullResult> {
  const wanted = wantedLibrary();
  return await pullLibrary({ wanted, from, env, timeoutMs: PULL_TIMEOUT_MS }, signal);
}

async function litertReport(): Promise<EngineReport> {
  const wanted = wantedLibrary();
  const state = await readLibraryState(wanted);
  const runtime = wanted.pin && `LiteRT ${wanted.pin.version}`;
  return state.kind === 'verified'
    ? { name: 'litert', runtime, usable: true, reason: null, file: state.libraryFile }
    : { name: 'litert', runtime, usable: false, reason: state.reason, file: null };
}

function tfjsReport(): EngineReport {
  try {
    const { runtime, file } = packagedRuntime();
    return { name: 'tfjs', runtime, usable: true, reason: null, file };
  } catch (error) {
    const reason = messageOf(error).split('\n')[0] ?? '';
    return { name: 'tfjs', runtime: null, usable: false, reason, file: null };
  }
}
