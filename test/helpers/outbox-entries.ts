import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Outbox, type OutboxOptions, type OutboxParcel } from '../../src/outbox/outbox.js';
import type { EventPhase, OutboxEntry } from '../../src/outbox/outbox-entry.js';
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
export async function nextParcel(outbox: Outbox): Promise<OutboxParcel> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const parcel = outbox.take();
    if (parcel) return parcel;
    assert.ok(performance.now() < deadline, 'no event in 10 s');
    await setImmediate();
  }
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
  while (outbox.counters.depth > 0) {
    const { entry, key } = await nextParcel(outbox);
    entries.push(entry);
    outbox.acknowledge({ entry, key });
  }
  return entries;
}

/** Whole numbers from `first` to `last`. */
export function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
