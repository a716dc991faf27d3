import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { dealFaults, FAULTS, type FaultKind } from '../helpers/broker-faults.js';
import { type EventAccounts, eventAccounts, isTrue } from '../helpers/event-accounts.js';
import { eventually } from '../helpers/eventually.js';
import { FaultStage, type StageOptions } from '../helpers/fault-stage.js';
import { noMosquitto } from '../helpers/mosquitto.js';
import { seededRandom } from '../helpers/seeded-random.js';
import { tempFolder } from '../helpers/temp-folder.js';

const FAULT_COUNT = Number(process.env.LOOKOUT_TEST_FAULTS ?? 24);
const SEED = Number(process.env.LOOKOUT_TEST_SEED ?? 7);
const MIN_EVENTS = 2_000;
const RIGHT_AGAIN_MS = 5_000;
const WIDE = 16 << 20;
/** Some twenty events. */
const NARROW = 24 << 10;

type Settings = Omit<StageOptions, 'random' | 'folder'>;

const STAGES: readonly Settings[] = [
  { protocol: 5, isPersistent: true, outboxBytes: WIDE },
  { protocol: 5, isPersistent: false, outboxBytes: WIDE },
  { protocol: 4, isPersistent: true, outboxBytes: WIDE },
  { protocol: 'auto', isPersistent: false, outboxBytes: NARROW },
];

/** How long after a fault everything was right again. */
interface Recovery {
  readonly kind: FaultKind;
  /** Until the broker had accepted the publisher again; 0 where it did not have to. */
  readonly connectedMs: number;
  /** From then on until all retained topics were true. */
  readonly trueMs: number;
}

async function suffer(stage: FaultStage, kind: FaultKind, random: () => number): Promise<Recovery> {
  const { wire } = stage;
  const before = wire.acceptedAtMs.length;
  const { breaks, make } = FAULTS[kind];
  await make(stage, random);
  const healedAtMs = performance.now();
  if (breaks)
    await eventually(
      `the publisher is back after ${kind}; ${stage.log.lines.slice(-3).join(' | ')}`,
      () => wire.acceptedAtMs.length > before,
      40_000,
    );
  const connectedAtMs = Math.max(healedAtMs, wire.acceptedAtMs.at(-1) ?? 0);
  await eventually(
    `all states are true after ${kind}; untrue: ${stage.untrueTopics().join()}`,
    () => stage.untrueTopics().length === 0,
    RIGHT_AGAIN_MS * 2,
  );
  const trueMs = performance.now() - connectedAtMs;
  return { kind, connectedMs: connectedAtMs - healedAtMs, trueMs };
}

/** All faults of one stage, one after the other, until every event is accounted for. */
async function play(
  stage: FaultStage,
  faults: readonly FaultKind[],
  random: () => number,
): Promise<{ recoveries: Recovery[]; accounts: EventAccounts }> {
  const recoveries: Recovery[] = [];
  for (const kind of faults) {
    await sleep(random() * 500);
    recoveries.push(await suffer(stage, kind, random));
  }
  const enough = MIN_EVENTS / STAGES.length;
  await eventually('the story is long', () => stage.script.events.length >= enough, 60_000);
  stage.finish();
  await eventually(
    'nothing waits',
    () => {
      const { pendingEvents, backlog } = stage.publisher.counters;
      return pendingEvents === 0 && backlog?.depth === 0;
    },
    60_000,
  );
  await eventually('what was sent has arrived', () => {
    const { missing, dropped } = eventAccounts(stage);
    return missing.length <= dropped;
  }).catch(() => {});
  return { recoveries, accounts: eventAccounts(stage) };
}

function check(stage: FaultStage, accounts: EventAccounts): void {
  const { published, arrived, missing, dropped, lostByBroker, unconfirmed } = accounts;
  assert.equal(accounts.outOfOrder, 0, 'out of order');
  assert.equal(accounts.unlicensed, 0, 'duplicates without need');
  assert.equal(arrived + missing.length, published, 'an id for each event');
  const untrue = stage.observer.arrivals.filter((arrival) => !isTrue(arrival, stage));
  assert.deepEqual(untrue, [], 'not what was published');
  const lost = missing.length - lostByBroker;
  assert.ok(lost <= dropped && dropped <= lost + unconfirmed, 'not what the counters say');
}

/** How things stand for a consumer who comes when all is over. */
async function checkRetained(stage: FaultStage): Promise<void> {
  await using newcomer = stage.newObserver();
  await eventually(
    'a newcomer is told the truth',
    () => stage.untrueTopics(newcomer).length === 0,
  ).catch(() => assert.deepEqual(stage.untrueTopics(newcomer), []));
}

function checkRecovery({ kind, connectedMs, trueMs }: Recovery): void {
  // A publisher whose password is refused does not try again every second.
  const limitedMs = kind === 'wrong-password' ? trueMs : connectedMs + trueMs;
  assert.ok(limitedMs <= RIGHT_AGAIN_MS, `${limitedMs} ms until all was true after ${kind}`);
}

function tell(t: TestContext, rows: readonly Recovery[]): void {
  const kinds = [...new Set(rows.map(({ kind }) => kind))].sort();
  t.diagnostic('fault · times · longest until connected · longest from then until all is true, ms');
  for (const kind of kinds) {
    const those = rows.filter((row) => row.kind === kind);
    const connected = Math.max(...those.map(({ connectedMs }) => connectedMs));
    const isTrue = Math.max(...those.map(({ trueMs }) => trueMs));
    t.diagnostic(`${kind} · ${those.length} · ${connected.toFixed()} · ${isTrue.toFixed()}`);
  }
}

describe(`MqttPublisher under ${FAULT_COUNT} faults, seed ${SEED}`, {
  skip: noMosquitto,
  concurrency: true,
}, () => {
  const folder = tempFolder();
  const dealt = dealFaults(FAULT_COUNT, seededRandom(SEED));
  for (const [index, settings] of STAGES.entries()) {
    const faults = dealt.filter((_, at) => at % STAGES.length === index);
    const name = `MQTT ${settings.protocol}, ${settings.isPersistent ? 'kept' : 'forgotten'} retained messages, ${settings.outboxBytes >> 10} KB for events`;
    it(`loses nothing and stays true: ${name}`, async (t) => {
      const random = seededRandom(SEED * 100 + index);
      await using stage = await FaultStage.start({
        ...settings,
        folder,
        random: seededRandom(SEED * 1_000 + index),
      });
      const { recoveries, accounts } = await play(stage, faults, random);
      tell(t, recoveries);
      t.diagnostic(JSON.stringify({ ...accounts, missing: accounts.missing.length }));
      check(stage, accounts);
      await checkRetained(stage);
      for (const recovery of recoveries) checkRecovery(recovery);
    });
  }
});
