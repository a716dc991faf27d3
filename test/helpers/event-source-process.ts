/*
 * A process that publishes to the broker at its first argument, with an outbox in the folder that
 * is its second one, until it is killed: as many events as the third one says, each of its own
 * track. It says `ready`, and `kept ID` of each event that the outbox has on disk.
 */
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventBacklog } from '../../src/publishing/event-backlog.js';
import { startOutbox } from './outbox-entries.js';
import { RecordingLog } from './recording-log.js';
import { samplePublisher } from './sample-publisher.js';
import { sampleEvent, sampleTrack } from './sample-tracks.js';

const [, , url = '', folder = '', count = '0'] = process.argv;
const log = new RecordingLog();
let wake = () => {};
const outbox = await startOutbox(folder, { maxBytes: 256 << 20, onChange: () => wake() }, log);
const backlog: EventBacklog = {
  append: async (event) => {
    if ((await outbox.append(event)) === 'on-disk') say(`kept ${event.id}`);
  },
  appendTaken: (event) => outbox.appendTaken(event),
  take: () => outbox.take(),
  acknowledge: (taken) => outbox.acknowledge(taken),
  startOver: () => outbox.startOver(),
  get counters() {
    return outbox.counters;
  },
  [Symbol.asyncDispose]: () => outbox[Symbol.asyncDispose](),
};
const publisher = samplePublisher(url, log, { backlog });
wake = () => publisher.wake();
say('ready');
for (const line of log.having('outbox')) say(line);

for (let id = 1; id <= Number(count); id++) {
  publisher.publishEvent(sampleEvent({ track: sampleTrack({ id }) }));
  // Sometimes many wait for one write, sometimes each has its own.
  if (id % 20 < 10) await sleep(Math.random() * 10);
}
await sleep(600_000);

function say(line: string): void {
  writeSync(1, `${line}\n`);
}
