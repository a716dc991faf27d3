/*
 * A process that hands events in to the outbox in the folder given as its first argument, numbered
 * from its second one on, until it is killed. It says `found N,N,…` of what was there at the start,
 * `kept N` of each event that is on disk, and `sent N` before each acknowledgement.
 */
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OutboxParcel } from '../../src/outbox/outbox.js';
import { nextParcel, sampleEntry, startOutbox, takeSome } from './outbox-entries.js';
import { RecordingLog } from './recording-log.js';

/** Above this the oldest events are delivered. */
const MAX_DEPTH = 100;

const [, , folder = '', first = '1'] = process.argv;
const log = new RecordingLog();
const outbox = await startOutbox(folder, {}, log);

const found: readonly OutboxParcel[] = await takeSome(outbox, outbox.counters.depth);
for (const line of log.lines) say(line);
say(`found ${found.map(({ entry }) => entry.seq).join()}`);
outbox.startOver();

for (let seq = Number(first); ; seq++) {
  void append(seq);
  if (outbox.counters.depth > MAX_DEPTH) await deliverAll();
  // Sometimes many wait for one write, sometimes each has its own.
  if (seq % 40 < 10) await sleep(Math.random() * 3);
}

async function append(seq: number): Promise<void> {
  const keeping = await outbox.append(sampleEntry(seq, seq % 3 === 0 ? 'update' : 'start'));
  if (keeping === 'on-disk') say(`kept ${seq}`);
}

/** Now and then everything, so that the folder goes too. */
async function deliverAll(): Promise<void> {
  const rest = Math.random() < 0.3 ? 0 : MAX_DEPTH / 2;
  while (outbox.counters.depth > rest) {
    const parcel = await nextParcel(outbox);
    say(`sent ${parcel.entry.seq}`);
    outbox.acknowledge(parcel);
  }
}

function say(line: string): void {
  writeSync(1, `${line}\n`);
}
