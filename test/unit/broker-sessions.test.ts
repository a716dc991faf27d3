import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { brokerSessions, type OpenSession } from '../../src/publishing/broker-sessions.js';
import { ClientIdConflict } from '../../src/publishing/client-id-conflict.js';
import type { LinkFailureKind } from '../../src/publishing/link-failure.js';
import type { Attempt, ProtocolVersion } from '../../src/publishing/session.js';
import { eventually } from '../helpers/eventually.js';
import { RecordingLog } from '../helpers/recording-log.js';

function failed(kind: LinkFailureKind): Attempt {
  return { kind: 'failed', failure: { kind, detail: kind } };
}

/** A connection that ends at once. */
function opened(protocol: ProtocolVersion, kind: LinkFailureKind = 'unreachable'): Attempt {
  const closed = Promise.resolve({ kind, detail: 'hung up' });
  const publish = () => Promise.resolve({ kind: 'lost' as const });
  const subscribe = () => Promise.resolve([]);
  const close = () => Promise.resolve();
  const session = { protocol, maxInFlight: 1, publish, flush() {}, subscribe, close, closed };
  return { kind: 'open', session };
}

/** Runs until `attempts` results have come, with a broker that answers as `answer` says. */
async function run(answer: (protocol: ProtocolVersion) => Attempt, attempts: number) {
  const log = new RecordingLog();
  const stop = new AbortController();
  const tried: ProtocolVersion[] = [];
  const open: OpenSession = (protocol) => {
    tried.push(protocol);
    return Promise.resolve(answer(protocol));
  };
  const conflict = new ClientIdConflict();
  const names = { display: 'mqtt://broker:1883', clientId: 'lookout-pi' };
  const broker = { ...names, conflict, protocol: 'auto' as const, open };
  let results = 0;
  for await (const _ of brokerSessions(broker, log, stop.signal)) {
    results += 1;
    if (results === attempts) stop.abort();
  }
  return { tried, log };
}

describe('brokerSessions', () => {
  it('stays with MQTT 3.1.1 when the broker says that it does not know 5', async () => {
    const { tried, log } = await run((v) => (v === 5 ? failed('wrong-protocol') : opened(4)), 3);
    assert.deepEqual(tried, [5, 4, 4, 4]);
    assert.ok(log.having('with MQTT 3.1.1').length > 0);
  });

  it('tries both versions, 5 first each time, with a broker that only hangs up', async () => {
    const { tried } = await run((v) => (v === 5 ? failed('silent') : opened(4)), 2);
    assert.deepEqual(tried, [5, 4, 5, 4]);
  });

  it('does not take a broker that knows 5 and hangs up for an old one', async () => {
    const answers = [opened(5), failed('silent'), failed('silent')];
    const { tried } = await run(() => answers.shift() ?? opened(5), 3);
    assert.deepEqual(tried, [5, 5, 5]);
  });

  it('does not try 3.1.1 when the broker is away', async () => {
    const { tried } = await run(() => failed('unreachable'), 2);
    assert.deepEqual(tried, [5, 5]);
  });

  it('tells a failure once, however often it comes', async () => {
    const { log } = await run(() => failed('unreachable'), 3);
    assert.deepEqual(log.lines, [
      'warn Cannot connect to the broker "mqtt://broker:1883": unreachable; trying again',
    ]);
  });

  it('names the client id, and what to change, when another client takes the session over', async () => {
    const stop = new AbortController();
    const log = new RecordingLog();
    const conflict = new ClientIdConflict();
    const names = { display: 'mqtt://broker:1883', clientId: 'lookout-pi' };
    const open: OpenSession = () => Promise.resolve(opened(5, 'taken-over'));
    const broker = { ...names, conflict, protocol: 'auto' as const, open };
    const sessions = brokerSessions(broker, log, stop.signal);
    await sessions.next();
    const rest = sessions.next();
    await eventually('told', () => log.lines.length === 2);
    stop.abort();
    await rest;
    assert.match(
      log.lines[1] ?? '',
      /^error Lost .* client id "lookout-pi" too, .*mqtt\.client_id/,
    );
    assert.equal(conflict.at(performance.now())?.count, 1);
  });

  it('suspects another client after three short sessions in a row', async () => {
    const { log } = await run(() => opened(4, 'hung-up'), 4);
    const suspicion = log.having('maybe another client uses the client id "lookout-pi" too');
    assert.equal(suspicion.length, 1);
    assert.match(suspicion[0] ?? '', /mqtt\.client_id/);
  });
});
