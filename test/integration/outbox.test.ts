import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, it } from 'node:test';
import { eventually } from '../helpers/eventually.js';
import {
  appendAll,
  drain,
  nextParcel,
  outboxFolder,
  range,
  sampleEntry,
  startOutbox,
  takeSome,
} from '../helpers/outbox-entries.js';
import { tempFolder } from '../helpers/temp-folder.js';

const PARENT = tempFolder();

function seqsOf(entries: readonly { readonly seq: number }[]): number[] {
  return entries.map(({ seq }) => seq);
}

describe('Outbox', () => {
  it('gives back what was handed in, in order, with nothing changed', async () => {
    await using outbox = await startOutbox(outboxFolder(PARENT));
    const entries = range(1, 100).map((seq) => sampleEntry(seq));
    const kept = await Promise.all(entries.map((entry) => outbox.append(entry)));
    assert.deepEqual(new Set(kept), new Set(['on-disk']));
    assert.equal(outbox.counters.inMemory, 0);
    assert.deepEqual(await drain(outbox), entries);
  });

  it('keeps the order over restarts, what is older first', async () => {
    const folder = outboxFolder(PARENT);
    for (const first of [1, 101, 201]) {
      await using outbox = await startOutbox(folder);
      await appendAll(outbox, range(first, first + 99));
    }
    await using outbox = await startOutbox(folder);
    void appendAll(outbox, range(301, 310));
    assert.deepEqual(seqsOf(await drain(outbox)), range(1, 310));
  });

  it('keeps the place of an event that was on its way already', async () => {
    await using outbox = await startOutbox(outboxFolder(PARENT));
    const confirmed = outbox.appendTaken(sampleEntry(1));
    outbox.appendTaken(sampleEntry(2));
    await appendAll(outbox, [3]);
    assert.deepEqual(seqsOf((await takeSome(outbox, 1)).map(({ entry }) => entry)), [3]);
    assert.equal(outbox.take(), null);
    outbox.acknowledge(confirmed);
    outbox.startOver();
    assert.deepEqual(seqsOf(await drain(outbox)), [2, 3]);
  });

  it('opens and writes nothing before there is something to keep', async () => {
    const folder = outboxFolder(PARENT);
    await using outbox = await startOutbox(folder);
    assert.equal(outbox.take(), null);
    outbox.startOver();
    assert.equal(outbox.counters.bytesWritten, 0);
    assert.deepEqual(readdirSync(dirname(folder)), []);
  });

  it('does not load LevelDB before there is something to keep', () => {
    const script = `
      import { Outbox } from '${new URL('../../src/outbox/outbox.js', import.meta.url)}';
      import { readFileSync } from 'node:fs';
      const isLoaded = () => readFileSync('/proc/self/maps', 'latin1').includes('classic-level');
      const log = { error() {}, warn() {}, info() {}, debug() {} };
      const folder = '${outboxFolder(PARENT)}';
      const outbox = await Outbox.start({ folder, maxBytes: 1e6, maxAgeMs: 1e6, onChange() {} }, log);
      const before = isLoaded();
      await outbox.append({ id: 'a', seq: 1, label: 'x', phase: 'end', occurredAtMs: 1, payload: {} });
      console.log(before, isLoaded());`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    assert.equal(stdout, 'false true\n', stderr);
  });

  it('removes the folder when everything was delivered, and begins anew after that', async () => {
    const folder = outboxFolder(PARENT);
    await using outbox = await startOutbox(folder);
    for (const seq of [1, 2]) {
      await appendAll(outbox, [seq]);
      assert.ok(existsSync(folder));
      assert.deepEqual(seqsOf(await drain(outbox)), [seq]);
      await eventually('the folder gone', () => readdirSync(dirname(folder)).length === 0);
    }
  });

  it('hands out again what was not acknowledged, in its place', async () => {
    await using outbox = await startOutbox(outboxFolder(PARENT));
    await appendAll(outbox, range(1, 100));
    const parcels = await takeSome(outbox, 50);
    for (const parcel of parcels) if (parcel.entry.seq % 2 === 0) outbox.acknowledge(parcel);
    outbox.startOver();
    const odd = range(1, 50).filter((seq) => seq % 2 === 1);
    assert.deepEqual(seqsOf(await drain(outbox)), [...odd, ...range(51, 100)]);
  });

  it('has after a restart what was not acknowledged, and only that', async () => {
    const folder = outboxFolder(PARENT);
    {
      await using outbox = await startOutbox(folder);
      await appendAll(outbox, range(1, 100));
      const parcels = await takeSome(outbox, 60);
      for (const parcel of parcels.slice(0, 40)) outbox.acknowledge(parcel);
    }
    await using outbox = await startOutbox(folder);
    assert.equal(outbox.counters.depth, 60);
    assert.deepEqual(seqsOf(await drain(outbox)), range(41, 100));
  });

  it('sends from memory what is not written yet, and writes none of it later', async () => {
    const folder = outboxFolder(PARENT);
    await using outbox = await startOutbox(folder);
    const keeping = outbox.append(sampleEntry(1));
    const parcel = await nextParcel(outbox);
    outbox.acknowledge(parcel);
    assert.equal(await keeping, 'gone');
    await eventually('nothing left', () => readdirSync(dirname(folder)).length === 0);
    assert.equal(outbox.take(), null);
  });

  it('drops the oldest updates first when full, then the oldest of all', async () => {
    const folder = outboxFolder(PARENT);
    const maxBytes = 60_000;
    await using outbox = await startOutbox(folder, { maxBytes });
    await appendAll(outbox, range(1, 20), 'start');
    await appendAll(outbox, range(21, 40), 'update');
    assert.equal(outbox.counters.dropped.fullUpdate, 0);
    await appendAll(outbox, range(41, 60), 'end');
    const { dropped, bytes } = outbox.counters;
    assert.ok(bytes <= maxBytes && dropped.fullUpdate > 0 && dropped.full === 0);
    assert.equal(outbox.problem?.kind, 'full');
    await appendAll(outbox, range(61, 100), 'end');
    assert.equal(outbox.counters.dropped.fullUpdate, 20);

    const left = seqsOf(await drain(outbox));
    const { full } = outbox.counters.dropped;
    assert.equal(left.length + full + 20, 100);
    assert.deepEqual(left, [...range(1, 20), ...range(41, 100)].slice(full));
    await eventually('it is empty and well', () => outbox.problem === null);
  });

  it('does not bring back after a restart what it dropped', async () => {
    const folder = outboxFolder(PARENT);
    let kept = 0;
    {
      await using outbox = await startOutbox(folder, { maxBytes: 100_000 });
      await appendAll(outbox, range(1, 300), 'update');
      kept = outbox.counters.depth;
    }
    await using outbox = await startOutbox(folder);
    assert.deepEqual(seqsOf(await drain(outbox)), range(301 - kept, 300));
  });

  it('keeps to smaller bounds after a restart', async () => {
    const folder = outboxFolder(PARENT);
    {
      await using outbox = await startOutbox(folder);
      await appendAll(outbox, range(1, 300), 'update');
    }
    await using outbox = await startOutbox(folder, { maxBytes: 50_000 });
    const { depth, bytes, dropped } = outbox.counters;
    assert.ok(bytes <= 50_000 && depth > 10);
    assert.equal(dropped.fullUpdate, 300 - depth);
    assert.deepEqual(seqsOf(await drain(outbox)), range(301 - depth, 300));
  });

  it('drops what is too old, by the time it happened', async () => {
    const folder = outboxFolder(PARENT);
    {
      await using outbox = await startOutbox(folder);
      await outbox.append({ ...sampleEntry(1), occurredAtMs: Date.now() - 3_600_000 });
      await outbox.append(sampleEntry(2));
    }
    await using outbox = await startOutbox(folder, { maxAgeMs: 1_800_000 });
    assert.deepEqual(seqsOf(await drain(outbox)), [2]);
    assert.equal(outbox.counters.dropped.tooOld, 1);
  });

  it('reads by small batches and says when there is something to take', async () => {
    const folder = outboxFolder(PARENT);
    {
      await using outbox = await startOutbox(folder);
      await appendAll(outbox, range(1, 200));
    }
    const seqs: number[] = [];
    const outbox = await startOutbox(folder, { onChange: () => pump() });
    function pump(): void {
      for (let parcel = outbox.take(); parcel; parcel = outbox.take()) {
        seqs.push(parcel.entry.seq);
        outbox.acknowledge(parcel);
      }
    }
    pump();
    assert.deepEqual(seqs, []);
    await eventually('all events', () => seqs.length === 200);
    assert.deepEqual(seqs, range(1, 200));
    await outbox[Symbol.asyncDispose]();
  });

  it('says how much it has written', async () => {
    await using outbox = await startOutbox(outboxFolder(PARENT));
    const bytes = 100 * JSON.stringify(sampleEntry(100).payload).length;
    await appendAll(outbox, range(1, 100));
    const { bytesWritten } = outbox.counters;
    assert.ok(bytesWritten > bytes && bytesWritten < bytes * 1.3 + 10_000, `${bytesWritten}`);
  });
});
