import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Backlog, type Keeping } from '../../src/outbox/backlog.js';
import type { FoundEvent } from '../../src/outbox/store-keeper.js';
import { sampleEntry } from '../helpers/outbox-entries.js';

const NOW_MS = 1_000_000;
const UNIX_MS = 1_800_000_000_000;
const MAX_AGE_MS = 60_000;

function backlogOf(count: number, settle: (keeping: Keeping) => void = () => undefined): Backlog {
  const backlog = new Backlog({ maxBytes: 1 << 20, maxAgeMs: MAX_AGE_MS });
  for (let seq = 1; seq <= count; seq++) backlog.add(sampleEntry(seq), NOW_MS, settle);
  return backlog;
}

function found(key: number, occurredAtMs = UNIX_MS): FoundEvent {
  return { key, occurredAtMs, phase: 'start', bytes: 1_000 };
}

function reconcile(backlog: Backlog, events: readonly FoundEvent[], damaged: string[] = []): void {
  backlog.reconcile({ events, damaged }, NOW_MS, UNIX_MS);
}

function writeAll(backlog: Backlog): void {
  for (const event of backlog.unwritten(1_000)) backlog.noteWritten(event);
}

describe('Backlog', () => {
  it('puts its keys behind those of an earlier run, were it handed events before it saw them', () => {
    const backlog = backlogOf(2);
    reconcile(backlog, [found(70), found(75)]);
    const [third, fourth] = backlog.unwritten(9);
    assert.ok(third && fourth);
    assert.deepEqual(
      [third, fourth].map(({ key }) => backlog.storeKey(key)),
      [76, 77],
    );
    writeAll(backlog);
    const keys = backlog.waitingOnDisk(9).map(({ key }) => backlog.storeKey(key));
    assert.deepEqual(keys, [70, 75, 76, 77]);
  });

  it('knows how old the events of an earlier run are, if their clock was set', () => {
    const backlog = backlogOf(0);
    reconcile(backlog, [
      ...[found(1, 86_400_000), found(2, UNIX_MS - 59_000), found(3, UNIX_MS + 86_400_000)],
    ]);
    backlog.dropOld(NOW_MS + 1_000);
    assert.equal(backlog.size, 3);
    backlog.dropOld(NOW_MS + MAX_AGE_MS);
    assert.equal(backlog.size, 3, 'the first stands in front, and is no older than it was seen');
    backlog.dropOld(NOW_MS + MAX_AGE_MS + 1);
    assert.equal(backlog.dropped.tooOld, 3);
    assert.deepEqual(backlog.takeUnwanted(9), ['000000000001', '000000000002', '000000000003']);
  });

  it('deletes from a store that is opened again what is not wanted there any more', () => {
    const backlog = backlogOf(3);
    reconcile(backlog, []);
    writeAll(backlog);
    backlog.remove(2);
    assert.deepEqual(backlog.takeUnwanted(9), ['000000000002']);
    reconcile(backlog, [found(1), found(2), found(3)]);
    assert.deepEqual(backlog.takeUnwanted(9), ['000000000002']);
    assert.equal(backlog.size, 2);
  });

  it('counts what a store has lost, and what is damaged in it', () => {
    const backlog = backlogOf(3);
    reconcile(backlog, []);
    writeAll(backlog);
    reconcile(backlog, [found(1)], ['???']);
    assert.equal(backlog.dropped.corrupt, 3);
    assert.equal(backlog.size, 1);
    assert.ok(backlog.takeUnwanted(9).includes('???'));
  });

  it('leaves alone what a failed write has left, since it is written again', () => {
    const backlog = backlogOf(1);
    reconcile(backlog, []);
    reconcile(backlog, [found(1)]);
    assert.deepEqual(backlog.takeUnwanted(9), []);
    assert.equal(backlog.inMemory, 1);
  });

  it('deletes what was delivered while it was being written', () => {
    const told: Keeping[] = [];
    const backlog = backlogOf(1, (keeping) => told.push(keeping));
    reconcile(backlog, []);
    const [event] = backlog.unwritten(1);
    assert.ok(event);
    backlog.remove(event.key);
    backlog.noteWritten(event);
    assert.deepEqual(told, ['gone']);
    assert.deepEqual(backlog.takeUnwanted(9), ['000000000001']);
    assert.equal(backlog.size, 0);
  });

  it('keeps an event on its way when it comes to the disk', () => {
    const backlog = backlogOf(2);
    reconcile(backlog, []);
    backlog.take(1);
    writeAll(backlog);
    assert.deepEqual(
      backlog.waitingOnDisk(9).map(({ key }) => key),
      [2],
    );
    backlog.startOver();
    assert.deepEqual(
      backlog.waitingOnDisk(9).map(({ key }) => key),
      [1, 2],
    );
  });
});
