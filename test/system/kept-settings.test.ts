import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { connectAsync, type MqttClient } from 'mqtt';
import type { HealthPayload } from '../../src/contract/health-schema.js';
import type { InfoPayload } from '../../src/contract/info-schema.js';
import { BUNDLED_MODEL } from '../helpers/bundled-model.js';
import { DaemonProcess } from '../helpers/daemon-process.js';
import { eventually } from '../helpers/eventually.js';
import { Mosquitto, noMosquitto } from '../helpers/mosquitto.js';
import { MosquittoSubscriber } from '../helpers/mosquitto-subscriber.js';
import { NotifyReceiver } from '../helpers/notify-receiver.js';
import { DaemonState, MAIN } from '../helpers/program.js';
import { tempFolder } from '../helpers/temp-folder.js';

const ROOT = 'lookout/test';
const STATUS = `${ROOT}/status`;
/** What commands set, as their topics and those of the values have it below the node. */
const MADE = {
  'set/log_level': 'debug',
  'cam/camera/set/detect': 'OFF',
  'cam/camera/set/max_fps': '7.5',
  'cam/camera/set/publish_images': 'ON',
  'cam/camera/set/threshold/person': '0.9',
  'cam/camera/set/zone/all': 'OFF',
} as const;

function told(topic: string): string {
  return `${ROOT}/${topic.replace('set/', 'setting/')}`;
}

describe('lookout run, killed after it was told what to do', {
  skip: noMosquitto,
  timeout: 300_000,
}, () => {
  const folder = tempFolder();
  const state = new DaemonState();
  const file = join(state.folder, 'nodes', 'test', 'settings.json');
  let broker: Mosquitto;
  let subscriber: MosquittoSubscriber;
  let daemon: DaemonProcess;
  let client: MqttClient;
  /** Messages before the start of this daemon. */
  let seen = 0;

  before(async () => {
    for (const name of ['one', 'two']) cpSync(BUNDLED_MODEL, join(folder, `${name}.tflite`));
    // Another file is another model.
    writeFileSync(join(folder, 'two.tflite'), '\0', { flag: 'a' });
    broker = await Mosquitto.start();
    subscriber = await MosquittoSubscriber.start(broker.port);
    client = await connectAsync(broker.url, { protocolVersion: 5 });
  });

  afterEach(async () => {
    await daemon?.[Symbol.asyncDispose]();
  });

  after(async () => {
    await client?.endAsync();
    await subscriber?.[Symbol.asyncDispose]();
    await broker?.[Symbol.asyncDispose]();
    state.end();
  });

  async function start(
    keys: Readonly<Record<string, string>> = { 'model.file': join(folder, 'one.tflite') },
    env: NodeJS.ProcessEnv = {},
  ): Promise<void> {
    await eventually('the one before is gone', () => subscriber.last(STATUS) !== 'online');
    seen = subscriber.messages.length;
    daemon = DaemonProcess.start(
      {
        'camera.source': 'synthetic',
        'camera.fps': 15,
        'mqtt.url': broker.url,
        zones: 'all 0,0 1,0 1,1 0,1',
        engine: 'tfjs',
        ...keys,
      },
      { ...process.env, LOOKOUT_STATE_DIR: state.folder, ...env },
    );
    await eventually('it is online', () => last(STATUS) === 'online', 60_000);
  }

  /** Since the start of this daemon. */
  function payloads(topic: string): string[] {
    return subscriber.messages
      .slice(seen)
      .filter((message) => message.topic === topic)
      .map(({ payload }) => payload);
  }

  function last(topic: string): string | undefined {
    return payloads(topic).at(-1);
  }

  function info(): InfoPayload {
    return JSON.parse(last(`${ROOT}/info`) ?? 'null') as InfoPayload;
  }

  async function set(topic: string, value: string, becomes = value): Promise<void> {
    await client.publishAsync(`${ROOT}/${topic}`, value, { qos: 1 });
    await eventually(`${topic} is ${becomes}`, () => last(told(topic)) === becomes, 30_000);
  }

  it('keeps what differs from the configuration', async () => {
    await start();
    assert.deepEqual(info().settings, []);
    await set('set/model', 'two');
    for (const [topic, value] of Object.entries(MADE)) await set(topic, value);
    await eventually('all is told on info', () => info().settings.length === 7);
    await eventually(
      'all is on the disk',
      () => JSON.parse(readFileSync(file, 'utf8')).entries.length === 7,
    );
    await daemon.end('SIGKILL');
  });

  it('has it in force again before it is online', async () => {
    await start();
    const begin = subscriber.messages.slice(seen);
    const online = begin.findIndex(
      ({ topic, payload }) => topic === STATUS && payload === 'online',
    );
    for (const [topic, value] of Object.entries({ ...MADE, 'set/model': 'two' })) {
      const values = begin.slice(0, online).filter((message) => message.topic === told(topic));
      assert.deepEqual(new Set(values.map(({ payload }) => payload)), new Set([value]), topic);
    }
    assert.equal(info().model?.name, 'two');
    assert.deepEqual(
      info().settings.find(({ topic }) => topic === 'cam/camera/set/threshold/person'),
      { topic: 'cam/camera/set/threshold/person', value: '0.9', configured: '0.5' },
    );
    const { stdout } = spawnSync(process.execPath, [MAIN, 'check', '--node=test'], {
      encoding: 'utf8',
      env: { ...process.env, LOOKOUT_STATE_DIR: state.folder },
    });
    assert.match(
      stdout,
      /\n# Set by commands\n(# .*\n)*# cam\/camera\/set\/threshold\/person: 0\.9, while the configuration gives 0\.5\n/,
    );
    // A camera that is not looked at is well.
    await eventually('frames flow', () => last(`${ROOT}/cam/camera/status`) === 'online', 30_000);
    daemon.kill('SIGHUP');
    assert.equal((await daemon.logged('Model is unchanged')).level, 'debug');
  });

  it('still detects nothing, until it is told to, and is well for systemd', async () => {
    const socketPath = join(folder, 'ready.socket');
    await using receiver = await NotifyReceiver.start(socketPath);
    await start(undefined, { NOTIFY_SOCKET: socketPath });
    await eventually('it is ready', () =>
      receiver.messages.some((text) => text.includes('READY=1')),
    );
    assert.ok(receiver.messages.includes('READY=1|STATUS=Detection is switched off'));
    const camera = `${ROOT}/cam/camera/object/any/count`;
    await eventually('frames flow', () => last(`${ROOT}/cam/camera/status`) === 'online', 30_000);
    await set('cam/camera/set/zone/all', 'default', 'ON');
    await set('cam/camera/set/threshold/person', 'default', '0.5');
    assert.deepEqual(new Set(payloads(camera)), new Set(['0']));
    assert.ok(!subscriber.messages.slice(seen).some(({ topic }) => topic.includes('/event/')));
    await set('cam/camera/set/detect', 'default', 'ON');
    await eventually('something is seen', () => Number(last(camera)) > 0, 60_000);
    await eventually('three are kept no more', () => info().settings.length === 4);
    await eventually(
      'nor on the disk',
      () => JSON.parse(readFileSync(file, 'utf8')).entries.length === 4,
    );
    await daemon.end('SIGKILL');
  });

  it('gives way where the configuration has changed since, or allows it no longer', async () => {
    await start({
      'log.level': 'warn',
      commands: 'log_level,set/log_level,set/max_fps',
      'model.file': join(folder, 'one.tflite'),
    });
    assert.deepEqual(payloads(told('set/log_level')), ['warn']);
    assert.equal(last(told('cam/camera/set/max_fps')), '7.5');
    assert.equal(last(told('cam/camera/set/publish_images')), 'OFF');
    assert.deepEqual(info().capabilities.commands.toSorted(), [
      ...['log_level', 'set/log_level', 'set/max_fps'],
    ]);
  });

  it('gives way at a reload too, for a key that takes effect then', async () => {
    const config = join(folder, 'lookout.yaml');
    const name = (model: string): void => {
      writeFileSync(config, `model: { file: ${join(folder, `${model}.tflite`)} }\n`);
    };
    cpSync(join(folder, 'two.tflite'), join(folder, 'three.tflite'));
    writeFileSync(join(folder, 'three.tflite'), '\0', { flag: 'a' });
    name('one');
    await start({ config });
    await set('set/model', 'two');
    await eventually('it is kept', () => readFileSync(file, 'utf8').includes('"two"'));
    name('three');
    daemon.kill('SIGHUP');
    await eventually('the model is another', () => last(told('set/model')) === 'three', 30_000);
    await eventually('two is forgotten', () => !readFileSync(file, 'utf8').includes('"two"'));
    assert.ok(!info().settings.some(({ topic }) => topic === 'set/model'));
  });

  it('starts with the configured model where the other one is gone', async () => {
    await start();
    await set('set/model', 'two');
    await eventually('it is kept', () => readFileSync(file, 'utf8').includes('"two"'));
    await daemon.end('SIGKILL');
    writeFileSync(join(folder, 'two.tflite'), 'no model');
    await start();
    assert.deepEqual(payloads(told('set/model')), ['one']);
    await daemon.logged('Cannot make a setting again');
    await eventually('it is forgotten', () => !readFileSync(file, 'utf8').includes('"two"'));
  });

  it('says so where what was kept cannot be read, and goes by the configuration', async () => {
    truncateSync(file, 20);
    await start();
    const alert = JSON.parse(
      await eventually('the alert', () => last(`${ROOT}/alert/settings`)),
    ) as { detail: string };
    assert.match(alert.detail, /^Settings that were made by commands are lost: /);
    assert.equal(last(told('cam/camera/set/max_fps')), '120');
    await set('cam/camera/set/max_fps', '60');
    await eventually('the alert ends', () => last(`${ROOT}/alert/settings`) === '');
  });

  it('obeys and says that it will not last where the disk does not take it', async () => {
    await start();
    rmSync(file, { force: true });
    // Root may write anywhere, but not over a folder.
    mkdirSync(file);
    await set('cam/camera/set/max_fps', '50');
    const alert = await eventually('the alert', () => last(`${ROOT}/alert/settings`) || undefined);
    assert.match(alert, /Settings that were made by commands will not last: Cannot write /);
    rmdirSync(file);
    assert.equal((await daemon.end('SIGTERM')).code, 0);
    assert.match(readFileSync(file, 'utf8'), /"50"/);
  });

  it('counts what it did not obey, and signs of life', async () => {
    const socketPath = join(folder, 'watchdog.socket');
    await using receiver = await NotifyReceiver.start(socketPath);
    await start(undefined, { NOTIFY_SOCKET: socketPath, WATCHDOG_USEC: '1000000' });
    await eventually('a sign of life', () =>
      receiver.messages.some((text) => text.includes('WATCHDOG=1')),
    );
    await client.publishAsync(`${ROOT}/cam/camera/set/detect`, 'perhaps', { qos: 1 });
    await client.publishAsync(`${ROOT}/request/dance`, '{}', { qos: 1 });
    await client.publishAsync(`${ROOT}/request/ping`, '{}', { qos: 1, retain: true });
    await client.publishAsync(`${ROOT}/request/ping`, '', { qos: 1, retain: true });
    const health = await eventually(
      'health has counted them',
      async () => {
        await client.publishAsync(`${ROOT}/request/health`, '{}', { qos: 1 });
        const answer = last(`${ROOT}/response/health`);
        const { data } = JSON.parse(answer ?? '{"data":null}') as { data: HealthPayload | null };
        return data !== null && data.commands.received > 3 ? data : undefined;
      },
      30_000,
    );
    const { refused, received, accepted, repeated } = health.commands;
    assert.deepEqual([refused.malformed, refused['unknown-verb']], [1, 1]);
    assert.ok(refused.retained >= 1);
    const all = Object.values(refused).reduce((sum, count) => sum + count, 0);
    assert.equal(received, accepted + repeated + all);
    assert.ok((health.watchdog.pings ?? 0) > 0);
    assert.ok((health.watchdog.last_progress_age_ms ?? 60_000) < 30_000);
    assert.deepEqual(health.mqtt.dropped_by_policy.queue_full, 0);
  });
});
