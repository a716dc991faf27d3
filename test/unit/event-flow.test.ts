import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EventBacklog, KeptEvent, TakenEvent } from '../../src/publishing/event-backlog.js';
import { EventFlow } from '../../src/publishing/event-flow.js';
import { LiveEvents } from '../../src/publishing/live-events.js';
import { sampleEvent, sampleTrack } from '../helpers/sample-tracks.js';

const LIVE_WINDOW_MS = 10_000;

/** Keeps events in a list. */
class ListBacklog implements EventBacklog {
  waiting: KeptEvent[] = [];
  readonly #taken = new Map<number, KeptEvent>();
  #nextKey = 1;

  get counters() {
    const dropped = { fullUpdate: 0, full: 0, tooOld: 0, corrupt: 0 };
    const depth = this.waiting.length + this.#taken.size;
    return { depth, bytes: 0, oldestMs: null, dropped, bytesWritten: 0 };
  }

  async append(event: KeptEvent): Promise<void> {
    this.waiting.push(event);
  }

  appendTaken(entry: KeptEvent): TakenEvent {
    const key = this.#nextKey++;
    this.#taken.set(key, entry);
    return { key, entry };
  }

  take(): TakenEvent | null {
    const entry = this.waiting.shift();
    return entry ? this.appendTaken(entry) : null;
  }

  acknowledge({ key }: TakenEvent): void {
    this.#taken.delete(key);
  }

  startOver(): void {
    this.waiting = [...this.#taken.values(), ...this.waiting];
    this.#taken.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

class Flow {
  readonly backlog = new ListBacklog();
  readonly live = new LiveEvents({ maxEvents: 512, maxAgeMs: Number.POSITIVE_INFINITY });
  readonly flow = new EventFlow({
    live: this.live,
    backlog: this.backlog,
    liveWindowMs: LIVE_WINDOW_MS,
    keep: ({ id, seq, event }) => ({
      ...{ id, seq, label: event.track.label, phase: event.phase, occurredAtMs: 0, payload: {} },
    }),
  });
  nowMs = 0;

  push(id: string, trackId = 1): void {
    this.live.push(sampleEvent({ track: sampleTrack({ id: trackId }) }), id, this.nowMs);
    this.flow.pushed();
  }

  /** Takes all there is, and acknowledges it unless told otherwise. */
  send({ acknowledged = true, times = 100 } = {}): string[] {
    const sent: string[] = [];
    while (sent.length < times) {
      const parcel = this.flow.take(this.nowMs);
      if (parcel === null) {
        const atMs = this.flow.drainAtMs;
        if (atMs === null || atMs <= this.nowMs) break;
        this.nowMs = atMs;
        continue;
      }
      if (acknowledged) this.flow.acknowledge(parcel);
      sent.push(parcel.kind === 'event' ? `live ${parcel.id}` : `kept ${parcel.taken.entry.id}`);
    }
    return sent;
  }
}

describe('EventFlow', () => {
  it('sends straight on while the broker takes events', () => {
    const flow = new Flow();
    flow.flow.startOver(0);
    flow.push('a');
    flow.push('b');
    assert.deepEqual(flow.send(), ['live a', 'live b']);
    assert.equal(flow.backlog.counters.depth, 0);
  });

  it('keeps events while there is no connection, and sends them in order afterwards', () => {
    const flow = new Flow();
    flow.push('a');
    flow.push('b');
    assert.deepEqual(flow.send(), []);
    flow.flow.startOver(0);
    assert.deepEqual(flow.send(), ['kept a', 'kept b']);
    assert.equal(flow.backlog.counters.depth, 0);
  });

  it('keeps what was on its way when the connection ended, before what waited', () => {
    const flow = new Flow();
    flow.flow.startOver(0);
    flow.push('a');
    flow.push('b');
    assert.deepEqual(flow.send({ acknowledged: false, times: 1 }), ['live a']);
    flow.flow.cutOff();
    flow.push('c');
    flow.flow.startOver(0);
    assert.deepEqual(flow.send(), ['kept a', 'kept b', 'kept c']);
  });

  it('lets a new track pass those that are kept, and none of its own', () => {
    const flow = new Flow();
    flow.push('old', 1);
    flow.push('older track', 2);
    flow.flow.startOver(0);
    flow.push('follower', 1);
    flow.push('new', 3);
    assert.deepEqual(flow.send(), ['live new', 'kept old', 'kept older track', 'kept follower']);
    flow.push('later', 1);
    assert.deepEqual(flow.send(), ['live later']);
  });

  it('sends again what was not acknowledged', () => {
    const flow = new Flow();
    flow.push('a');
    flow.flow.startOver(0);
    assert.deepEqual(flow.send({ acknowledged: false }), ['kept a']);
    flow.flow.cutOff();
    flow.flow.startOver(0);
    flow.push('b');
    assert.deepEqual(flow.send(), ['kept a', 'kept b']);
  });

  it('takes its time with what is kept', () => {
    const flow = new Flow();
    for (let i = 0; i < 50; i++) flow.push(`${i}`);
    flow.flow.startOver(0);
    assert.equal(flow.send().length, 50);
    assert.ok(flow.nowMs >= 49 * 5);
  });

  it('keeps what the broker is too slow for, but not what it may have already', () => {
    const flow = new Flow();
    flow.flow.startOver(0);
    flow.push('on its way');
    assert.deepEqual(flow.send({ acknowledged: false, times: 1 }), ['live on its way']);
    for (let i = 0; i < 200; i++) flow.push(`${i}`, i + 2);
    assert.ok(flow.backlog.waiting.length >= 128);
    assert.ok(!flow.backlog.waiting.some(({ id }) => id === 'on its way'));
  });

  it('keeps what has waited for longer than the live window', () => {
    const flow = new Flow();
    flow.flow.startOver(0);
    flow.push('old', 1);
    flow.nowMs = LIVE_WINDOW_MS + 1;
    flow.push('young', 2);
    assert.deepEqual(flow.send(), ['live young', 'kept old']);
  });

  it('keeps what follows an event that has waited too long, however young', () => {
    const flow = new Flow();
    flow.flow.startOver(0);
    flow.push('old', 1);
    flow.nowMs = LIVE_WINDOW_MS + 1;
    flow.push('young', 1);
    assert.deepEqual(flow.send(), ['kept old', 'kept young']);
  });

  it('puts what was on its way before what was kept of its track meanwhile', () => {
    const flow = new Flow();
    flow.flow.startOver(0);
    flow.push('a', 1);
    flow.push('b', 2);
    assert.deepEqual(flow.send({ acknowledged: false }), ['live a', 'live b']);
    flow.push('c', 1);
    flow.nowMs = LIVE_WINDOW_MS + 1;
    assert.deepEqual(flow.send({ acknowledged: false }), ['kept c']);
    flow.flow.cutOff();
    flow.flow.startOver(flow.nowMs);
    assert.deepEqual(flow.send(), ['kept a', 'kept c', 'kept b']);
    assert.equal(flow.backlog.counters.depth, 0);
  });

  it('is done with what was on its way once it is acknowledged', () => {
    const flow = new Flow();
    flow.flow.startOver(0);
    flow.push('a', 1);
    const a = flow.flow.take(0);
    flow.push('b', 1);
    flow.nowMs = LIVE_WINDOW_MS + 1;
    assert.deepEqual(flow.send({ times: 1 }), ['kept b']);
    assert.equal(flow.backlog.counters.depth, 1);
    if (a) flow.flow.acknowledge(a);
    assert.equal(flow.backlog.counters.depth, 0);
    flow.push('c', 1);
    assert.deepEqual(flow.send(), ['live c']);
  });

  it('sends nothing more that is kept once it is closing', () => {
    const flow = new Flow();
    flow.push('a');
    flow.flow.startOver(0);
    flow.flow.close();
    flow.push('b', 2);
    assert.deepEqual(flow.send(), ['live b']);
    assert.equal(flow.flow.drainAtMs, null);
  });
});
