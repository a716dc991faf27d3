import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { connectAsync, type MqttClient } from 'mqtt';
import { eventually } from '../helpers/eventually.js';
import { Mosquitto, noMosquitto } from '../helpers/mosquitto.js';
import { MAIN, programEnv } from '../helpers/program.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { PROJECT_ROOT } from '../helpers/reference-data.js';
import { samplePublisher } from '../helpers/sample-publisher.js';
import { tempFolder } from '../helpers/temp-folder.js';

const USERS = ['lookout-pi', 'viewer', 'commander'] as const;
type User = (typeof USERS)[number];

/** Sees and says everything, for the test's sake. */
const ADMIN = 'admin';
/** Reason of PUBACK and SUBACK. */
const NOT_AUTHORISED = 135;
const END = 'lookout/end';

const STATES = [
  'status',
  'info',
  'health',
  'alert/model_rejected',
  'log',
  'response/ping',
  'model/state',
  'setting/log_level',
  'cam/porch/status',
  'cam/porch/state',
  'cam/porch/motion',
  'cam/porch/object/person/occupancy',
  'cam/porch/zone/drive/object/person/count',
  'cam/porch/event/person/start',
  'cam/porch/history/person/end',
  'cam/porch/frame',
  'cam/porch/ros/vision_info',
  'cam/porch/image/person/meta',
  'cam/porch/setting/detect',
];
const COMMANDS = [
  'request/ping',
  'request/model/load',
  'set/log_level',
  'cam/porch/set/detect',
  'cam/porch/set/zone/drive',
];
const DISCOVERY = [
  'homeassistant/device/lookout_pi/config',
  'homeassistant/device/lookout_pi_cam_porch/config',
  'homeassistant/sensor/lookout_pi/fps/config',
  'homeassistant/binary_sensor/lookout_pi_cam_porch/person/config',
];
const BIRTH = 'homeassistant/status';

const below = (node: string, ends: readonly string[]) =>
  ends.map((end) => `lookout/${node}/${end}`);

interface Rights {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

const EVERYTHING = [
  ...below('pi', STATES),
  ...below('pi', COMMANDS),
  ...below('other', STATES),
  ...below('other', COMMANDS),
  ...DISCOVERY,
  BIRTH,
  'homeassistant/device/lookout_other/config',
  'homeassistant/sensor/lookout_other/fps/config',
  'homeassistant/switch/kitchen/state',
  'zigbee2mqtt/door',
];
const LOOKOUT = EVERYTHING.filter((topic) => topic.startsWith('lookout/'));
const HOME_ASSISTANT = EVERYTHING.filter((topic) => topic.startsWith('homeassistant/'));

const RIGHTS: Readonly<Record<User, Rights>> = {
  'lookout-pi': {
    reads: [...below('pi', [...STATES, ...COMMANDS]), ...DISCOVERY, BIRTH],
    writes: [...below('pi', [...STATES, ...COMMANDS]), ...DISCOVERY],
  },
  viewer: { reads: LOOKOUT, writes: [] },
  commander: {
    reads: [...LOOKOUT, ...HOME_ASSISTANT],
    writes: [...below('pi', COMMANDS), ...below('other', COMMANDS), ...HOME_ASSISTANT],
  },
};

describe('docs/mosquitto-acl.example', { skip: noMosquitto, timeout: 60_000 }, () => {
  const folder = tempFolder();
  let broker: Mosquitto;
  let admin: MqttClient;

  before(async () => {
    const acl = readFileSync(join(PROJECT_ROOT, 'docs', 'mosquitto-acl.example'), 'utf8');
    const file = join(folder, 'acl');
    // The broker reads it as a user of its own.
    chmodSync(folder, 0o755);
    writeFileSync(file, `${acl}\nuser ${ADMIN}\ntopic readwrite #\n`);
    broker = await Mosquitto.start({
      user: [ADMIN, ...USERS].map((name) => ({ name, password: `of ${name}` })),
      config: [`acl_file ${file}`],
    });
    admin = await logIn(ADMIN);
  });
  after(async () => {
    await admin?.endAsync(true);
    await broker?.[Symbol.asyncDispose]();
  });

  function logIn(username: string): Promise<MqttClient> {
    const login = { username, password: `of ${username}`, protocolVersion: 5 as const };
    return connectAsync(broker.url, { ...login, reconnectPeriod: 0 });
  }

  for (const user of USERS) {
    it(`lets ${user} read what it needs and nothing else`, async () => {
      const client = await logIn(user);
      const seen = new Set<string>();
      let isEnd = false;
      client.on('message', (topic, payload) => {
        seen.add(topic);
        isEnd ||= payload.toString() === END;
      });
      // As widely as anyone can ask.
      await client.subscribeAsync('#', { qos: 1 });
      for (const topic of EVERYTHING) await admin.publishAsync(topic, 'x', { qos: 1 });
      await admin.publishAsync(RIGHTS[user].reads[0] ?? '', END, { qos: 1 });
      await eventually('all has come', () => isEnd);
      assert.deepEqual([...seen].sort(), [...RIGHTS[user].reads].sort());
      await client.endAsync(true);
    });

    it(`lets ${user} write what it has to and nothing else`, async () => {
      const seen = new Set<string>();
      const note = (topic: string) => seen.add(topic);
      admin.on('message', note);
      await admin.subscribeAsync('#', { qos: 1 });
      const client = await logIn(user);
      const refused: string[] = [];
      for (const topic of EVERYTHING) {
        await client.publishAsync(topic, 'x', { qos: 1 }).catch((error: { code?: number }) => {
          assert.equal(error.code, NOT_AUTHORISED);
          refused.push(topic);
        });
      }
      await admin.publishAsync(END, 'x', { qos: 1 });
      await eventually('all has come', () => seen.delete(END));
      await admin.unsubscribeAsync('#');
      admin.off('message', note);
      assert.deepEqual([...seen].sort(), [...RIGHTS[user].writes].sort());
      assert.equal(refused.length + seen.size, EVERYTHING.length);
      await client.endAsync(true);
    });
  }

  it('is all that Lookout needs to publish', async () => {
    const login = { username: 'lookout-pi', password: 'of lookout-pi' };
    const log = new RecordingLog();
    await using publisher = samplePublisher(broker.url, log, login);
    await eventually('published', () => publisher.counters.published > 10);
    assert.equal(publisher.counters.refused, 0);
    assert.equal(log.having('error').length, 0);
  });

  it('lets `lookout forget` find what the broker keeps', async () => {
    const alert = 'lookout/pi/alert/hot';
    await admin.publishAsync(alert, 'x', { qos: 1, retain: true });
    const password = join(folder, 'password');
    writeFileSync(password, 'of lookout-pi', { mode: 0o600 });
    const keys = { node: 'pi', state_dir: folder, 'mqtt.url': broker.url };
    const login = { 'mqtt.username': 'lookout-pi', 'mqtt.password_file': password };
    const given = Object.entries({ ...keys, ...login }).map(([key, value]) => `--${key}=${value}`);
    const run = promisify(execFile)(process.execPath, [MAIN, 'forget', ...given], {
      env: programEnv(),
    });
    assert.match((await run).stdout, /retained topics of lookout\/pi are cleared/);
    const kept: string[] = [];
    admin.on('message', (topic) => kept.push(topic));
    await admin.publishAsync(END, 'x', { qos: 1, retain: true });
    await admin.subscribeAsync('lookout/#', { qos: 1 });
    await eventually('what is kept has come', () => kept.includes(END));
    assert.equal(kept.includes(alert), false);
  });

  it('lets nobody in without a password', async () => {
    await assert.rejects(connectAsync(broker.url, { protocolVersion: 5, reconnectPeriod: 0 }));
  });
});
