import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { openNotifySocket } from '../../src/supervision/notify-socket.js';
import { findServiceManager } from '../../src/supervision/service-manager.js';
import { SystemdSupervisor } from '../../src/supervision/systemd-supervisor.js';
import { eventually } from '../helpers/eventually.js';
import { NotifyReceiver } from '../helpers/notify-receiver.js';
import { RecordingLog } from '../helpers/recording-log.js';

const folder = mkdtempSync(join(tmpdir(), 'lookout-notify-'));
after(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
let socketPath: string;
let log: RecordingLog;

beforeEach(() => {
  count += 1;
  socketPath = join(folder, `${count}.socket`);
  log = new RecordingLog();
});

describe('openNotifySocket()', () => {
  it('reaches a socket file', async () => {
    await using receiver = await NotifyReceiver.start(socketPath);
    assert.equal(openNotifySocket(socketPath).send('READY=1'), 'sent');
    await eventually('the message', () => receiver.messages[0] === 'READY=1');
  });

  it('reaches an abstract name', async () => {
    const name = `@lookout-test-${process.pid}-${count}`;
    await using receiver = await NotifyReceiver.start(name);
    assert.equal(openNotifySocket(name).send('READY=1\nSTATUS=ä'), 'sent');
    await eventually('the message', () => receiver.messages[0] === 'READY=1|STATUS=ä');
  });

  it('names the error of what cannot be sent', async () => {
    assert.equal(openNotifySocket(socketPath).send('x'), 'ENOENT');
    assert.equal(openNotifySocket('relative').send('x'), 'EINVAL');
    assert.equal(openNotifySocket('').send('x'), 'EINVAL');
    assert.equal(openNotifySocket(`/${'long'.repeat(50)}`).send('x'), 'ENAMETOOLONG');
    await using _ = await NotifyReceiver.start(socketPath);
    assert.equal(openNotifySocket(socketPath).send('x'.repeat(4097)), 'EMSGSIZE');
    assert.equal(openNotifySocket(socketPath).send('x'.repeat(4096)), 'sent');
  });

  it('never blocks: says EAGAIN when the queue is full', async () => {
    await using receiver = await NotifyReceiver.start(socketPath);
    await receiver.pause();
    const socket = openNotifySocket(socketPath);
    fill(socketPath);
    assert.equal(socket.send('WATCHDOG=1'), 'EAGAIN');
  });

  it('works in several threads at once', async () => {
    await using receiver = await NotifyReceiver.start(socketPath);
    const socketModule = new URL('../../src/supervision/notify-socket.js', import.meta.url).href;
    const code = `import(${JSON.stringify(socketModule)}).then(({ openNotifySocket }) =>
      openNotifySocket(${JSON.stringify(socketPath)}).send('worker'));`;
    for (const worker of [new Worker(code, { eval: true }), new Worker(code, { eval: true })]) {
      worker.on('error', (error) => assert.fail(error));
    }
    openNotifySocket(socketPath).send('main');
    const all = await eventually(
      'three',
      () => receiver.messages.length === 3 && receiver.messages,
    );
    assert.deepEqual(all.toSorted(), ['main', 'worker', 'worker']);
  });

  it('says what to do when the compiled part is missing', () => {
    assert.throws(
      () => openNotifySocket(socketPath, join(folder, 'missing.node')),
      /^Error: Cannot load ".*missing\.node": .*; build it on this machine with "npm run install"$/,
    );
  });
});

describe('findServiceManager()', () => {
  it('is silent without a service manager', () => {
    const { supervisor, pingIntervalMs, isWatched } = findServiceManager({}, log);
    supervisor.notify('ready', 'nobody listens');
    assert.equal(pingIntervalMs, 10_000);
    assert.equal(isWatched, false);
    assert.deepEqual(log.lines, []);
  });

  it('tells the states of a life in the words of sd_notify(3)', async () => {
    await using receiver = await NotifyReceiver.start(socketPath);
    const { supervisor, isWatched } = findServiceManager({ NOTIFY_SOCKET: socketPath }, log);
    assert.equal(isWatched, false);
    const beforeUs = process.hrtime.bigint() / 1000n;
    supervisor.notify('ready', 'Detecting\nat 10 fps');
    supervisor.notify('alive');
    supervisor.notify('reloading');
    supervisor.notify('ready');
    supervisor.notify('stopping');
    await eventually('all messages', () => receiver.messages.length === 5);
    const [ready, alive, reloading = '', again, stopping] = receiver.messages;
    assert.equal(ready, 'READY=1|STATUS=Detecting at 10 fps');
    assert.equal(alive, 'WATCHDOG=1');
    const [, monotonicUs = ''] = /^RELOADING=1\|MONOTONIC_USEC=(\d+)$/.exec(reloading) ?? [];
    const sinceUs = BigInt(monotonicUs) - beforeUs;
    assert.ok(sinceUs >= 0n && sinceUs < 60_000_000n, `${sinceUs} µs after the start`);
    assert.equal(again, 'READY=1');
    assert.equal(stopping, 'STOPPING=1');
  });

  it('gives a sign of life twice per watchdog limit, and extends the start with it', async () => {
    await using receiver = await NotifyReceiver.start(socketPath);
    const environment = {
      NOTIFY_SOCKET: socketPath,
      WATCHDOG_USEC: '20000000',
      WATCHDOG_PID: String(process.pid),
    };
    const { supervisor, pingIntervalMs, isWatched } = findServiceManager(environment, log);
    assert.deepEqual([pingIntervalMs, isWatched], [10_000, true]);
    supervisor.notify('alive');
    supervisor.notify('ready');
    supervisor.notify('alive');
    await eventually('all messages', () => receiver.messages.length === 3);
    assert.deepEqual(receiver.messages, [
      'WATCHDOG=1|EXTEND_TIMEOUT_USEC=20000000',
      'READY=1',
      'WATCHDOG=1',
    ]);
  });

  it('takes no interval from a watchdog of another process or from nonsense', () => {
    const interval = (environment: Record<string, string>) =>
      findServiceManager(environment, log).pingIntervalMs;
    assert.equal(interval({ WATCHDOG_USEC: '6000000', WATCHDOG_PID: '1' }), 10_000);
    assert.equal(interval({ WATCHDOG_USEC: '6000000' }), 3_000);
    assert.equal(interval({ WATCHDOG_USEC: 'often' }), 10_000);
    assert.equal(interval({ WATCHDOG_USEC: '0' }), 10_000);
  });
});

describe('SystemdSupervisor', () => {
  it('tells changes of state in order once a full queue has room, but no old sign of life', async () => {
    await using receiver = await NotifyReceiver.start(socketPath);
    const supervisor = new SystemdSupervisor(openNotifySocket(socketPath), null, log);
    await receiver.pause();
    fill(socketPath);
    supervisor.notify('reloading');
    supervisor.notify('alive');
    supervisor.notify('ready');
    supervisor.notify('stopping');
    assert.equal(supervisor.dropped, 1);
    assert.equal(log.having('warn').length, 1);
    receiver.resume();
    await eventually('the last state', () => receiver.messages.includes('STOPPING=1'));
    const states = receiver.messages.filter((message) => message !== 'fill');
    assert.match(states.shift()!, /^RELOADING=1/);
    assert.deepEqual(states, ['READY=1', 'STOPPING=1']);
  });

  it('keeps four changes of state at most and gives up the oldest', async () => {
    await using receiver = await NotifyReceiver.start(socketPath);
    const supervisor = new SystemdSupervisor(openNotifySocket(socketPath), null, log);
    await receiver.pause();
    fill(socketPath);
    for (const status of ['1', '2', '3', '4', '5', '6']) supervisor.notify('ready', status);
    assert.equal(supervisor.dropped, 2);
    receiver.resume();
    await eventually('the last state', () => receiver.messages.at(-1) === 'READY=1|STATUS=6');
    const states = receiver.messages.filter((message) => message !== 'fill');
    assert.deepEqual(
      states.map((text) => text.slice(-1)),
      ['3', '4', '5', '6'],
    );
  });
});

/** Sends until the receiver's queue takes no more. */
function fill(path: string): void {
  const socket = openNotifySocket(path);
  while (socket.send('fill') === 'sent');
}
