import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EventQueue, type QueuedEvent } from '../../src/outbox/event-queue.js';
import type { EventPhase } from '../../src/outbox/outbox-entry.js';
import { seededInteger, seededRandom } from '../helpers/seeded-random.js';

function event(key: number, phase: EventPhase = 'start', bytes = 1_000): QueuedEvent {
  return { key, phase, bytes, sinceMs: key };
}

function anyEvent(key: number, random: () => number): QueuedEvent {
  return event(key, random() < 0.5 ? 'update' : 'start', seededInteger(random, 2_000));
}

function queueOf(maxBytes: number, ...events: readonly QueuedEvent[]): EventQueue<QueuedEvent> {
  const queue = new EventQueue({ maxBytes, maxAgeMs: 10_000 });
  for (const each of events) queue.add(each);
  return queue;
}

function keysOf(events: readonly QueuedEvent[]): number[] {
  return events.map(({ key }) => key);
}

/** The same, as simple as can be. */
class PlainQueue {
  readonly #maxBytes: number;
  #places: { readonly event: QueuedEvent; isTaken: boolean }[] = [];

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get all(): QueuedEvent[] {
    return this.#places.map((place) => place.event);
  }

  get waiting(): QueuedEvent[] {
    return this.#places.filter(({ isTaken }) => !isTaken).map((place) => place.event);
  }

  get bytes(): number {
    return this.all.reduce((sum, { bytes }) => sum + Math.max(512, bytes), 0);
  }

  add(added: QueuedEvent): void {
    this.#places.push({ event: added, isTaken: false });
    while (this.bytes > this.#maxBytes && this.waiting.length > 0) {
      const goes = this.waiting.find(({ phase }) => phase === 'update') ?? this.waiting[0];
      this.remove(goes?.key ?? -1);
    }
  }

  take(key: number): void {
    for (const place of this.#places) place.isTaken ||= place.event.key === key;
  }

  remove(key: number): void {
    this.#places = this.#places.filter((place) => place.event.key !== key);
  }

  startOver(): void {
    for (const place of this.#places) place.isTaken = false;
  }
}

describe('EventQueue', () => {
  it('drops the oldest update for room, not the newest nor another phase', () => {
    const queue = queueOf(4_000, event(1), event(2, 'update'), event(3, 'end'), event(4, 'update'));
    assert.deepEqual(keysOf(queue.add(event(5))), [2]);
    assert.deepEqual(keysOf(queue.add(event(6))), [4]);
    assert.deepEqual(keysOf(queue.waiting(9)), [1, 3, 5, 6]);
  });

  it('drops the oldest of all where there is no update', () => {
    const queue = queueOf(2_000, event(1), event(2));
    assert.deepEqual(keysOf(queue.add(event(3, 'end'))), [1]);
    assert.equal(queue.oldest?.key, 2);
  });

  it('drops as many as it takes, an event larger than all room included', () => {
    const queue = queueOf(3_000, event(1), event(2), event(3));
    assert.deepEqual(keysOf(queue.add(event(4, 'start', 2_500))), [1, 2, 3]);
    assert.deepEqual(keysOf(queue.add(event(5, 'start', 3_001))), [4, 5]);
    assert.deepEqual([queue.size, queue.bytes], [0, 0]);
  });

  it('counts an event as 512 bytes at least, so that their number is bounded too', () => {
    const queue = queueOf(5_120, ...Array.from({ length: 100 }, (_, i) => event(i, 'start', 1)));
    assert.equal(queue.size, 10);
  });

  it('spares what is on its way', () => {
    const queue = queueOf(2_000, event(1, 'update'), event(2));
    queue.take(1);
    assert.deepEqual(keysOf(queue.add(event(3))), [2]);
    queue.startOver();
    assert.deepEqual(keysOf(queue.add(event(4))), [1]);
  });

  it('lets what was taken wait again in its place', () => {
    const queue = queueOf(9_000, event(1), event(2), event(3));
    for (const key of [1, 2]) queue.take(key);
    assert.equal(queue.remove(1), 'taken');
    assert.deepEqual(keysOf(queue.waiting(9)), [3]);
    queue.startOver();
    assert.deepEqual(keysOf(queue.waiting(9)), [2, 3]);
    assert.equal(queue.remove(3), 'waiting');
    assert.equal(queue.remove(3), null);
  });

  it('drops what is too old from the front', () => {
    const queue = queueOf(9_000, event(1), event(2), event(3));
    queue.take(1);
    assert.deepEqual(keysOf(queue.dropOld(10_002)), []);
    assert.deepEqual(keysOf(queue.dropOld(10_003)), [2]);
    assert.deepEqual(keysOf(queue.first(9)), [1, 3]);
  });

  it('refuses a key that is not the highest', () => {
    assert.throws(() => queueOf(9_000, event(2), event(2)), RangeError);
  });

  it('does as a plain list would, whatever is done to it', () => {
    const random = seededRandom(1);
    const queue = queueOf(40_000);
    const plain = new PlainQueue(40_000);
    const change = (what: (each: EventQueue<QueuedEvent> | PlainQueue) => void) => {
      what(queue);
      what(plain);
    };
    for (let key = 0; key < 5_000; key++) {
      const next = anyEvent(key, random);
      change((each) => each.add(next));
      // Keys that are not there change nothing.
      const [taken] = random() < 0.6 ? queue.waiting(1) : [];
      change((each) => each.take(taken?.key ?? -1));
      const removed = random() < 0.5 ? queue.first(3).at(-1) : null;
      change((each) => each.remove(removed?.key ?? -1));
      if (random() < 0.02) change((each) => each.startOver());
      assert.deepEqual(queue.waiting(100), plain.waiting);
      assert.deepEqual(queue.first(100), plain.all);
      assert.equal(queue.bytes, plain.bytes);
    }
  });

  it('stays quick with many events', () => {
    const queue = queueOf(20_000 * 512);
    const sinceMs = performance.now();
    for (let key = 0; key < 200_000; key++) {
      queue.add(event(key, key % 2 ? 'update' : 'start', 512));
      queue.waiting(1);
    }
    for (const { key } of queue.first(20_000)) queue.remove(key);
    assert.equal(queue.size, 0);
    assert.ok(performance.now() - sinceMs < 10_000);
  });
});
