import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FramePayload } from '../../src/contract/frame-schema.js';
import type { RosDetectionsPayload } from '../../src/contract/ros-schemas.js';
import type { FrameDetections } from '../../src/domain/detection.js';
import type { Track } from '../../src/domain/track.js';
import { FrameStream } from '../../src/publishing/frame-stream.js';
import type { Message } from '../../src/publishing/session.js';
import { topicsOf } from '../../src/publishing/topics.js';
import { SAMPLE_MODEL, sampleEvent, sampleTrack } from '../helpers/sample-tracks.js';

const TOPICS = topicsOf({ base: 'lookout', node: 'pi', camera: 'porch' });
const { frame, timings } = sampleEvent();
const RESULT: FrameDetections = { frame, timings, model: SAMPLE_MODEL, detections: [] };
const LOST = sampleTrack({ state: 'lost', missedFrames: 2 });

function setUp({ frames = true, ros = true, takes = (): boolean => true } = {}) {
  const published: Message[] = [];
  const publishLoose = (_kind: string, messages: readonly Message[]) =>
    void published.push(...messages);
  const names = { bootId: 'boot', node: 'pi', camera: 'porch', frameId: 'porch_optical' };
  const stream = new FrameStream(
    { publishLoose },
    { ...names, topics: TOPICS, isClockSynced: () => true, frames, ros, takes },
  );
  const on = <Payload>(topic: string) =>
    published
      .filter((message) => message.topic === topic)
      .map(({ payload }) => JSON.parse(String(payload)) as Payload);
  return {
    published,
    tell: (...tracks: readonly Track[]) => stream.tell(RESULT, tracks),
    frames: () => on<FramePayload>(TOPICS.frame),
    detections: () => on<RosDetectionsPayload>(TOPICS.rosDetections),
  };
}

describe('FrameStream', () => {
  it('tells what is followed, and whether this frame shows it', () => {
    const { tell, frames } = setUp();
    tell(sampleTrack(), { ...LOST, id: 2 }, sampleTrack({ id: 3, state: 'tentative' }));
    assert.deepEqual(frames(), [
      {
        v: 1,
        seq: 1,
        boot_id: 'boot',
        node: 'pi',
        camera: 'porch',
        frame: { w: 640, h: 480, frame_id: 'porch_optical' },
        time: {
          capture: '2023-11-14T22:13:22.500Z',
          capture_mono_ns: '3500125000',
          source: 'sensor',
          clock_synced: true,
          published: frames()[0]?.time.published,
        },
        latency_ms: {
          capture_to_read: null,
          queue: 1,
          preprocess: 2.5,
          inference: 40.12,
          postprocess: 0.5,
          total: 44.12,
        },
        model: { name: 'ssd', sha256_12: '0123456789ab' },
        objects: [
          {
            track_id: '1',
            label: 'person',
            class_id: 0,
            score: 0.75,
            stationary: false,
            velocity: { x: 0.1, y: -0.05 },
            zones: [],
            seen: true,
            box: { x: 0.25, y: 0.5, w: 0.25, h: 0.5 },
            box_px: { x: 160, y: 240, w: 160, h: 240 },
          },
          { ...frames()[0]?.objects[0], track_id: '2', seen: false },
        ],
      },
    ]);
  });

  it('tells ROS of what this frame shows only', () => {
    const { tell, detections } = setUp();
    tell(sampleTrack(), { ...LOST, id: 2 }, sampleTrack({ id: 3, state: 'tentative' }));
    assert.deepEqual(
      detections()[0]?.detections.map(({ id }) => id),
      ['1'],
    );
  });

  it('tells the first frame, then an empty list only after one that was not', () => {
    const { tell, frames, detections } = setUp();
    const lengths = () => [frames().map(({ objects }) => objects.length), detections().length];
    tell();
    tell();
    assert.deepEqual(lengths(), [[0], 1]);
    tell(sampleTrack());
    tell(LOST);
    tell(LOST);
    // For ROS it has gone: one empty list.
    assert.deepEqual(lengths(), [[0, 1, 1, 1], 3]);
    tell();
    tell();
    assert.deepEqual(lengths(), [[0, 1, 1, 1, 0], 3]);
    assert.deepEqual(
      frames().map(({ seq }) => seq),
      [1, 2, 3, 4, 5],
    );
  });

  it('tells of the end with the next frame that may be told of', () => {
    let isDue = true;
    const { tell, frames } = setUp({ takes: () => isDue });
    tell(sampleTrack());
    isDue = false;
    tell();
    assert.equal(frames().length, 1);
    isDue = true;
    tell();
    assert.deepEqual(frames().at(-1)?.objects, []);
  });

  it('does not use up the rate for what is not told', () => {
    let asked = 0;
    const { tell } = setUp({ takes: () => Boolean(++asked) });
    for (let i = 0; i < 10; i += 1) tell();
    assert.equal(asked, 1);
  });

  it('sends messages that may be lost and are forgotten soon', () => {
    const { tell, published } = setUp({ ros: false });
    tell(sampleTrack());
    assert.equal(published.length, 1);
    const { payload: _, ...message } = published[0] ?? assert.fail();
    assert.deepEqual(message, {
      topic: 'lookout/pi/cam/porch/frame',
      retain: false,
      isFrequent: true,
      contentType: 'application/json',
      qos: 0,
      expiryS: 2,
    });
  });
});
