import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventPayload, infoPayload, modelStatePayload } from '../../src/publishing/messages.js';
import { SAMPLE_SETUP } from '../helpers/sample-setup.js';
import { SAMPLE_MODEL, sampleEvent, sampleTrack } from '../helpers/sample-tracks.js';

const ENVELOPE = {
  id: '01HF',
  seq: 7,
  bootId: 'boot',
  node: 'pi',
  camera: 'porch',
  frameId: 'porch_optical',
  queuedMs: 12.6,
  publishedAtMs: 1_700_000_002_600,
  isClockSynced: false,
};

describe('eventPayload', () => {
  it('says everything that the contract asks of a start', () => {
    assert.deepEqual(JSON.parse(JSON.stringify(eventPayload(sampleEvent(), ENVELOPE))), {
      v: 1,
      id: '01HF',
      seq: 7,
      boot_id: 'boot',
      node: 'pi',
      camera: 'porch',
      phase: 'start',
      changed: [],
      replayed: false,
      queued_ms: 13,
      object: {
        track_id: '1',
        label: 'person',
        class_id: 0,
        score: 0.75,
        score_median: 0.7,
        score_top: 0.8,
        stationary: false,
        start: '2023-11-14T22:13:20.000Z',
        end: null,
        duration_s: 2.5,
        velocity: { x: 0.1, y: -0.05 },
        zones: [],
        zones_entered: [],
        dwell_s: {},
      },
      box: { x: 0.25, y: 0.5, w: 0.25, h: 0.5 },
      box_px: { x: 160, y: 240, w: 160, h: 240 },
      frame: { w: 640, h: 480, frame_id: 'porch_optical' },
      time: {
        capture: '2023-11-14T22:13:22.500Z',
        capture_mono_ns: '3500125000',
        source: 'sensor',
        clock_synced: false,
        published: '2023-11-14T22:13:22.600Z',
      },
      latency_ms: {
        ...{ capture_to_read: null, queue: 1, preprocess: 2.5, inference: 40.12 },
        ...{ postprocess: 0.5, total: 44.12 },
      },
      model: { name: 'ssd', sha256_12: '0123456789ab' },
      image: null,
    });
  });

  it('tells the path and the end only at the end', () => {
    const event = sampleEvent({
      phase: 'end',
      endedAtMs: 1_700_000_002_500,
      path: [{ x: 0.123_456, y: 1 }],
    });
    const { object } = eventPayload(event, ENVELOPE);
    assert.deepEqual(object.path, [{ x: 0.1235, y: 1 }]);
    assert.equal(object.end, '2023-11-14T22:13:22.500Z');
  });

  it('tells the zones that the object is in, those it entered, and the time in each', () => {
    const zones = [
      { zone: 'path', isInside: false, entries: 1, dwellMs: 1_500 },
      { zone: 'door', isInside: true, entries: 2, dwellMs: 200.4 },
    ];
    const event = sampleEvent({ track: sampleTrack({ zones }), zonesEntered: ['path', 'door'] });
    const { object } = eventPayload(event, ENVELOPE);
    assert.deepEqual(object.zones, ['door']);
    assert.deepEqual(object.zones_entered, ['path', 'door']);
    assert.deepEqual(object.dwell_s, { path: 1.5, door: 0.2 });
  });

  it('clips a box that reaches out of the frame', () => {
    const track = sampleTrack({ box: { xMin: -0.5, yMin: 0.9, xMax: 0.5, yMax: 1.2 } });
    const { box, box_px } = eventPayload(sampleEvent({ track }), ENVELOPE);
    assert.deepEqual(box, { x: 0, y: 0.9, w: 0.5, h: 0.1 });
    assert.deepEqual(box_px, { x: 0, y: 432, w: 320, h: 48 });
  });

  it('keeps microseconds of the monotonic clock after a year of uptime', () => {
    const yearMs = 365 * 86_400_000;
    const frame = { ...sampleEvent().frame, monotonicMs: yearMs + 0.125 };
    const { time } = eventPayload(sampleEvent({ frame }), ENVELOPE);
    assert.equal(time.capture_mono_ns, '31536000000125000');
  });
});

describe('modelStatePayload', () => {
  it('names models by name and short hash', () => {
    const payload = modelStatePayload({
      phase: 'rejected',
      active: SAMPLE_MODEL,
      previous: null,
      candidate: { file: 'bad.tflite' },
      error: { code: 'unreadable', detail: 'It is empty' },
      sinceMs: 0,
    });
    assert.deepEqual(payload, {
      v: 1,
      phase: 'rejected',
      active: { name: 'ssd', sha256_12: '0123456789ab' },
      previous: null,
      candidate: { file: 'bad.tflite' },
      error: { code: 'unreadable', detail: 'It is empty' },
      since: '1970-01-01T00:00:00.000Z',
    });
  });
});

describe('infoPayload', () => {
  it('tells the protocol of the connection', () => {
    const info = {
      version: '0.1.0',
      bootId: 'boot',
      startedAtMs: 0,
      host: 'Pi',
      camera: { id: 'porch', source: 'replay', zones: ['drive'] },
      labels: ['person'],
      model: null,
      engine: SAMPLE_SETUP,
      configHash: 'abc',
      settings: [{ topic: 'set/log_level', value: 'debug', instead: 'info' }],
      capabilities: { commands: ['ping'], images: true, discovery: true, livePage: false },
    };
    const payload = infoPayload(info, 4);
    assert.equal(payload.protocol, 4);
    assert.deepEqual(payload.settings, [
      { topic: 'set/log_level', value: 'debug', configured: 'info' },
    ]);
    assert.deepEqual(Object.keys(payload.capabilities), [
      ...['commands', 'images', 'discovery', 'live_page'],
    ]);
    assert.deepEqual(payload.engine, {
      name: 'tfjs',
      kernels: null,
      form: 'original',
      threads: 1,
      inference_ms: 37.51,
      cpu_ms: 37.5,
    });
    assert.deepEqual(payload.cameras, [{ id: 'porch', source: 'replay', zones: ['drive'] }]);
  });
});
