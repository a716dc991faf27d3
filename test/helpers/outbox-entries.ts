import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { Outbox, type OutboxOptions, type OutboxParcel } from '../../src/outbox/outbox.js';
import type { EventPhase, OutboxEntry } from '../../src/outbox/outbox-entry.js';
import { eventually } from './eventually.js';
import { RecordingLog } from './recording-log.js';

/** An entry of about the size that events have, told apart by `seq`. */
export function sampleEntry(seq: number, phase: EventPhase = 'start'): OutboxEntry {
  const path = Array.from({ length: 32 }, (_, i) => ({ x: ((seq * 31 + i) % 97) / 97, y: i / 32 }));
  return {
    id: `id-${seq}`,
    seq,
    label: 'person',
    phase,
    occurredAtMs: Date.now(),
    payload: { v: 1, id: `id-${seq}`, seq, phase, camera: 'porch', object: { path } },
  };
}

/** A place for an outbox, in a folder of its own. */
export function outboxFolder(parent: string): string {
  return join(mkdtempSync(join(parent, 'state-')), 'outbox');
}

/** An outbox with wide bounds. */
export function startOutbox(
  folder: string,
  options: Partial<OutboxOptions> = {},
  log = new RecordingLog(),
): Promise<Outbox> {
  const wide = { maxBytes: 16 << 20, maxAgeMs: 86_400_000, onChange: () => undefined };
  return Outbox.start({ folder, ...wide, ...options }, log);
}

/** Hands events with these numbers in; resolves when each has been dealt with. */
export async function appendAll(
  outbox: Outbox,
  seqs: readonly number[],
  phase: EventPhase = 'start',
): Promise<void> {
  await Promise.all(seqs.map((seq) => outbox.append(sampleEntry(seq, phase))));
}

/** The next parcel, as soon as it has been read. */
export function nextParcel(outbox: Outbox): Promise<OutboxParcel> {
  return eventually('an event', () => outbox.take() ?? undefined);
}

/** Takes `count` events and returns their parcels. */
export async function takeSome(outbox: Outbox, count: number): Promise<readonly OutboxParcel[]> {
  const parcels: OutboxParcel[] = [];
  while (parcels.length < count) parcels.push(await nextParcel(outbox));
  return parcels;
}

/** Takes and acknowledges all there is, and returns the entries. */
export async function drain(outbox: Outbox): Promise<readonly OutboxEntry[]> {
  const entries: OutboxEntry[] = [];
  await eventually(
    'the outbox empty',
    () => {
      for (let parcel = outbox.take(); parcel; parcel = outbox.take()) {
        entries.push(parcel.entry);
        outbox.acknowledge(parcel);
      }
      return outbox.counters.depth === 0;
    },
    60_000,
  );
  return entries;
}

/** Whole numbers from `first` to `last`. */
export function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
