import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { coalesce } from '../../src/async/coalesce.js';

describe('coalesce()', () => {
  it('makes two runs of any number of requests, the second after the last request', async () => {
    let runs = 0;
    let running = 0;
    const ask = coalesce(async () => {
      running += 1;
      assert.equal(running, 1);
      await sleep(5);
      running -= 1;
      runs += 1;
    });
    const first = ask();
    await sleep(1);
    await Promise.all([first, ask(), ask(), ask()]);
    assert.equal(runs, 2);
  });

  it('loses no request that comes while a run is ending', async () => {
    for (let turns = 0; turns < 12; turns++) {
      let runs = 0;
      let late: Promise<void> | undefined;
      const ask = coalesce(async () => {
        runs += 1;
        late ??= afterTurns(turns).then(ask);
        await null;
      });
      await ask();
      await late;
      assert.equal(runs, 2, `after ${turns} turns`);
    }
  });

  it('passes a failure on and runs again when it is asked again', async () => {
    let runs = 0;
    const ask = coalesce(async () => {
      runs += 1;
      if (runs === 1) throw new Error('no');
    });
    await assert.rejects(ask(), /no/);
    await ask();
    assert.equal(runs, 2);
  });
});

async function afterTurns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await null;
}
