import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { EventPictures } from '../../src/daemon/event-pictures.js';
import type { EventPicture } from '../../src/domain/event-picture.js';
import type { Frame } from '../../src/domain/frame.js';
import type { TrackEvent } from '../../src/domain/track-event.js';
import { makeFrame } from '../helpers/frames.js';
import { RecordingPublisher } from '../helpers/pipeline-parts.js';
import { sampleEvent } from '../helpers/sample-tracks.js';

const JPEG = { bytes: new Uint8Array([0xff, 0xd8]), widthPx: 8, heightPx: 8 };

function setUp(lastFrame: (() => Frame | null) | null = () => makeFrame({ sequence: 0 })) {
  const published: EventPicture[] = [];
  const kept: (readonly string[])[] = [];
  const failures: string[] = [];
  const clock = { nowMs: 0 };
  const parts = {
    lastFrame,
    draw: async () => JPEG,
    outlet: {
      topicOf: (label: string) => `image/${label}`,
      publish: (picture: EventPicture) => void published.push(picture),
      keepOnly: (labels: readonly string[]) => void kept.push(labels),
    },
    onFailure: (message: string) => void failures.push(message),
    nowMs: () => clock.nowMs,
  };
  return { pictures: new EventPictures(parts), parts, published, kept, failures, clock };
}

function eventOf(phase: TrackEvent['phase'], changed: TrackEvent['changed'] = []): TrackEvent {
  const event = sampleEvent();
  return { ...event, phase, changed, frame: { ...event.frame, sequence: 0 } };
}

describe('EventPictures', () => {
  it('takes none until it is switched on', async () => {
    const { pictures, published } = setUp();
    const publisher = new RecordingPublisher();
    pictures.publish(eventOf('start'), publisher);
    await turn();
    assert.deepEqual(published, []);
    assert.equal(publisher.events[0]?.image, undefined);
  });

  it('names the picture of the start in all events of the object', async () => {
    const { pictures, published } = setUp();
    const publisher = new RecordingPublisher();
    pictures.switch(true);
    const id = pictures.publish(eventOf('start'), publisher);
    pictures.publish(eventOf('end'), publisher);
    await turn();
    const { label } = sampleEvent().track;
    const image = { topic: `image/${label}`, seq: 1 };
    assert.deepEqual(
      publisher.events.map((event) => event.image),
      [image, image],
    );
    assert.deepEqual(
      published.map(({ seq, eventId }) => ({ seq, eventId })),
      [{ seq: 1, eventId: id }],
    );
    pictures.publish(eventOf('update'), publisher);
    assert.equal(publisher.events[2]?.image, undefined);
  });

  it('takes another when the best score has risen, but no more than one a second', async () => {
    const { pictures, published, clock } = setUp();
    const publisher = new RecordingPublisher();
    pictures.switch(true);
    pictures.publish(eventOf('start'), publisher);
    await turn();
    clock.nowMs = 999;
    pictures.publish(eventOf('update', ['score']), publisher);
    clock.nowMs = 1_000;
    pictures.publish(eventOf('update', ['stationary']), publisher);
    await turn();
    assert.equal(published.length, 1);
    pictures.publish(eventOf('update', ['score']), publisher);
    await turn();
    assert.deepEqual(
      publisher.events.map(({ image }) => image?.seq),
      [1, 1, 1, 2],
    );
    assert.equal(published.length, 2);
  });

  it('takes none of another frame than that of the event', async () => {
    const { pictures, published } = setUp(() => makeFrame({ sequence: 1 }));
    pictures.switch(true);
    pictures.publish(eventOf('start'), new RecordingPublisher());
    await turn();
    assert.deepEqual(published, []);
  });

  it('takes back what is kept when it is switched off, also what is being drawn', async () => {
    const { pictures, published, kept } = setUp();
    pictures.switch(true);
    pictures.publish(eventOf('start'), new RecordingPublisher());
    pictures.switch(false);
    await turn();
    assert.deepEqual(kept, [[]]);
    assert.deepEqual(published, []);
  });

  it('cannot be switched on where no picture may leave the detector', async () => {
    const { pictures, published } = setUp(null);
    assert.throws(() => pictures.switch(true), /images: none/);
    pictures.publish(eventOf('start'), new RecordingPublisher());
    await turn();
    assert.deepEqual(published, []);
    assert.ok(!pictures.isOn);
  });

  it('says why a picture could not be made', async () => {
    const { parts, failures, published } = setUp();
    const pictures = new EventPictures({
      ...parts,
      draw: () => Promise.reject(new Error('out of paint')),
    });
    pictures.switch(true);
    pictures.publish(eventOf('start'), new RecordingPublisher());
    await turn();
    assert.deepEqual(failures, ['out of paint']);
    assert.deepEqual(published, []);
  });
});
