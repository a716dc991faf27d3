import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../helpers/eventually.js';
import { Mosquitto, noMosquitto } from '../helpers/mosquitto.js';
import { MosquittoSubscriber } from '../helpers/mosquitto-subscriber.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { ROOT, samplePublisher } from '../helpers/sample-publisher.js';
import { sampleTrack } from '../helpers/sample-tracks.js';

const ALERT = `${ROOT}/alert/hot`;
const COUNT = `${ROOT}/cam/porch/object/dog/count`;
const STATUS = `${ROOT}/status`;

describe('A broker that comes back with what it knew some time ago', { skip: noMosquitto }, () => {
  it('is put right, also about what was cleared meanwhile', async () => {
    await using broker = await Mosquitto.start({ isPersistent: true });
    await using publisher = samplePublisher(broker.url, new RecordingLog());
    const alert = { v: 1, id: 'hot', level: 'degraded', detail: 'x', since: 'x' } as const;
    publisher.setState({ kind: 'alert', id: 'hot', alert });
    publisher.setState({
      kind: 'tracks',
      tracks: [sampleTrack({ label: 'dog' })],
      capturedAtMs: 0,
    });
    {
      await using before = await MosquittoSubscriber.start(broker.port);
      await eventually('it knows the alert', () => before.last(ALERT));
      await eventually('and the dog', () => before.last(COUNT) === '1');
      broker.save();
      // It does not say when it has.
      await sleep(500);
      publisher.setState({ kind: 'alert', id: 'hot', alert: null });
      publisher.setState({ kind: 'tracks', tracks: [], capturedAtMs: 0 });
      publisher.setState({ kind: 'labels', labels: ['person'] });
      await eventually('the alert is cleared', () => before.last(ALERT) === '');
      await eventually('the dog is cleared', () => before.last(COUNT) === '');
    }
    await broker.stop('SIGKILL');
    await broker.start();
    await using after = await MosquittoSubscriber.start(broker.port);
    await eventually('both are cleared again', () =>
      [ALERT, COUNT].every((topic) => after.last(topic) === ''),
    );
    await using newcomer = await MosquittoSubscriber.start(broker.port);
    assert.equal(newcomer.last(STATUS), 'online');
    assert.deepEqual([newcomer.last(ALERT), newcomer.last(COUNT)], [undefined, undefined]);
  });
});
