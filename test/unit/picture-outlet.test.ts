import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PictureOutlet } from '../../src/publishing/picture-outlet.js';
import type { Message } from '../../src/publishing/session.js';
import { topicsOf } from '../../src/publishing/topics.js';
import { sampleEvent } from '../helpers/sample-tracks.js';

const TOPICS = topicsOf({ base: 'lookout', node: 'pi', camera: 'porch' });
const JPEG = { bytes: new Uint8Array([0xff, 0xd8, 0xff]), widthPx: 8, heightPx: 6 };

function setUp(retain: boolean) {
  const published: Message[] = [];
  const takenBack: string[] = [];
  const publisher = {
    publishLoose: (_kind: string, messages: readonly Message[]) => void published.push(...messages),
    takeBack: (topics: readonly string[]) => void takenBack.push(...topics),
  };
  const outlet = new PictureOutlet(publisher, TOPICS, { retain, ttlS: 60 });
  const event = sampleEvent();
  const publish = () => outlet.publish({ jpeg: JPEG, seq: 3, event, eventId: 'event' });
  return { outlet, publish, published, takenBack, label: event.track.label };
}

describe('PictureOutlet', () => {
  it('tells what a picture shows before the picture', () => {
    const { publish, published, label } = setUp(false);
    publish();
    const [meta, picture] = published;
    assert.equal(meta?.topic, TOPICS.imageMeta(label));
    const { seq, event_id, bytes, w, h, drawn } = JSON.parse(String(meta.payload));
    assert.deepEqual([seq, event_id, bytes, w, h, drawn], [3, 'event', 3, 8, 6, true]);
    assert.deepEqual(picture, {
      topic: TOPICS.image(label),
      payload: JPEG.bytes,
      retain: false,
      userProperties: { event_id: 'event', image_seq: '3' },
      contentType: 'image/jpeg',
      qos: 0,
      expiryS: 60,
    });
  });

  it('leaves the topic of the last picture to that, whatever a label is called', () => {
    const { outlet } = setUp(false);
    assert.notEqual(outlet.topicOf('latest'), TOPICS.imageLatest);
  });

  it('takes retained pictures back when their label is gone, once', () => {
    const { outlet, publish, published, takenBack, label } = setUp(true);
    publish();
    assert.ok(published.every(({ retain }) => retain));
    outlet.keepOnly([label]);
    assert.deepEqual(takenBack, []);
    outlet.keepOnly([]);
    outlet.keepOnly([]);
    assert.deepEqual(takenBack, [TOPICS.image(label), TOPICS.imageMeta(label)]);
  });

  it('takes nothing back where nothing is retained', () => {
    const { outlet, publish, takenBack } = setUp(false);
    publish();
    outlet.keepOnly([]);
    assert.deepEqual(takenBack, []);
  });
});
