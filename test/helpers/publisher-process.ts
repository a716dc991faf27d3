/* A process that publishes to the broker given as its argument until it is killed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { RecordingLog } from './recording-log.js';
import { samplePublisher } from './sample-publisher.js';

const publisher = samplePublisher(process.argv[2] ?? '', new RecordingLog());
publisher.setState({ kind: 'camera', online: true });
await sleep(60_000);
