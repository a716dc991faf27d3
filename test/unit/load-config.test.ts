import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { changedKeys } from '../../src/config/changed-keys.js';
import { configHash } from '../../src/config/config-hash.js';
import { explain } from '../../src/config/explain.js';
import { environmentName, keysOf } from '../../src/config/key-paths.js';
import { configSchema } from '../../src/config/schema.js';
import { load, loadYaml, problemsOf } from '../helpers/config-input.js';

describe('configSchema()', () => {
  const keys = keysOf(configSchema({ hostName: 'pi', cores: 4 }));

  it('has defaults that its own formats take, also as text', () => {
    for (const { path, key } of keys) {
      assert.ok(key.format.accepts(key.default), path);
      const text = Array.isArray(key.default) ? key.default.join() : String(key.default);
      assert.deepEqual(key.format.fromText(text), key.default, path);
    }
  });

  it('gives every key a variable of its own', () => {
    assert.equal(environmentName('queue.max_age_ms'), 'LOOKOUT_QUEUE_MAX_AGE_MS');
    assert.equal(new Set(keys.map(({ path }) => environmentName(path))).size, keys.length);
  });
});

describe('loadConfig()', () => {
  it('gives the defaults when nobody says anything', async () => {
    const { config, file, origins } = await load();
    assert.equal(config.node, 'pi_4');
    assert.equal(config.camera.source, 'rpicam');
    assert.equal(config.mqtt.url, 'mqtt://localhost:1883');
    assert.deepEqual(config.tracking.labels, []);
    assert.equal(file, null);
    assert.deepEqual(new Set([...origins.values()].map(({ kind }) => kind)), new Set(['default']));
  });

  it('gives the defaults for a file that says nothing', async () => {
    const { config } = await load();
    for (const empty of ['', '\n', '# only a comment', '---', 'null', '{}', 'camera:', '\ufeff']) {
      assert.deepEqual((await loadYaml(empty)).config, config, JSON.stringify(empty));
    }
  });

  it('prefers arguments to the environment, that to the file, that to the defaults', async () => {
    const content = 'camera:\n  fps: 1\n  width: 320\n  height: 240\n';
    const env = { LOOKOUT_CAMERA_WIDTH: '640', LOOKOUT_CAMERA_HEIGHT: '480', PATH: '/bin' };
    const { config, origins } = await loadYaml(content, {
      env,
      values: new Map([['camera.height', '720']]),
    });
    const { fps, width, height, index } = config.camera;
    assert.deepEqual({ fps, width, height, index }, { fps: 1, width: 640, height: 720, index: 0 });
    assert.equal(origins.get('camera.fps')?.kind, 'file');
    assert.deepEqual(origins.get('camera.width'), {
      kind: 'environment',
      name: 'LOOKOUT_CAMERA_WIDTH',
    });
    assert.deepEqual(origins.get('camera.height'), { kind: 'argument', name: 'camera.height' });
    assert.equal(origins.get('camera.index')?.kind, 'default');
  });

  it('takes every valid kind of value from a file', async () => {
    const { config } = await loadYaml(`
node: cellar
camera: {source: replay, path: 2026-01-01, pace: 12.5, loop: true, width: 0x280, height: 480}
tracking:
  labels: [person, "no", 'fire hydrant', 日本]
mqtt:
  url: mqtts://me:p%40ss@broker.example:8884
  base: home/garden
  protocol: 5
  username: ~
`);
    assert.equal(config.camera.path, '2026-01-01');
    assert.equal(config.camera.pace, 12.5);
    assert.equal(config.camera.width, 640);
    assert.deepEqual(config.tracking.labels, ['person', 'no', 'fire hydrant', '日本']);
    assert.equal(config.mqtt.protocol, 5);
    assert.equal(config.mqtt.username, null);
  });

  it('reads numbers, flags, lists and null from texts', async () => {
    const values = new Map([
      ['camera.fps', '2.5e1'],
      ['camera.loop', 'true'],
      ['camera.pace', '30'],
      ['camera.width', 'null'],
      ['camera.height', ''],
      ['tracking.labels', ' person, car '],
      ['mqtt.protocol', '4'],
      ['mqtt.username', '007'],
    ]);
    const { config } = await load({ values });
    assert.equal(config.camera.fps, 25);
    assert.equal(config.camera.loop, true);
    assert.equal(config.camera.pace, 30);
    assert.deepEqual([config.camera.width, config.camera.height], [null, null]);
    assert.deepEqual(config.tracking.labels, ['person', 'car']);
    assert.equal(config.mqtt.protocol, 4);
    assert.equal(config.mqtt.username, '007');
  });

  it('refuses numbers that only look like some', async () => {
    for (const text of [
      '0x280',
      '12abc',
      '1_0',
      'NaN',
      'Infinity',
      '1e999',
      '١',
      '--5',
      '1,5',
      ' ',
    ]) {
      const problems = await problemsOf(load({ values: new Map([['camera.fps', text]]) }));
      assert.equal(problems.length, 1, text);
    }
  });

  it('gives a configuration that nobody can change', async () => {
    const { config } = await loadYaml('tracking:\n  labels: [person]');
    assert.throws(() => Reflect.set(config, 'node', 'x') || assert.fail('not set'));
    for (const part of [config, config.camera, config.tracking.labels]) {
      assert.ok(Object.isFrozen(part));
    }
  });

  it('leaves the prototype of objects alone', async () => {
    await problemsOf(loadYaml('__proto__: {polluted: 1}\ncamera: {__proto__: {polluted: 1}}'));
    await problemsOf(loadYaml('constructor: {prototype: {polluted: 1}}'));
    assert.equal(Reflect.get({}, 'polluted'), undefined);
  });

  it('tells every problem of every source at once', async () => {
    const problems = await problemsOf(
      loadYaml('node: A B\nkamera: 1\nmqtt:\n  url: http://x\n', {
        env: { LOOKOUT_CAMERA_FPS: 'fast', LOOKOUT_CAMERA_WIDHT: '1', LOOKOUT_TEST_DATA: '/x' },
        values: new Map([
          ['camera.width', '640'],
          ['threads', '99'],
        ]),
        required: ['model.file'],
      }),
    );
    assert.deepEqual(problems.map(({ path }) => path).sort(), [
      'LOOKOUT_CAMERA_WIDHT',
      'camera.fps',
      'camera.width',
      'kamera',
      'model.file',
      'mqtt.url',
      'node',
      'threads',
    ]);
    const widht = problems.find(({ path }) => path === 'LOOKOUT_CAMERA_WIDHT');
    assert.match(widht?.detail ?? '', /did you mean LOOKOUT_CAMERA_WIDTH\?/);
  });

  it('says what is wrong with a value although a later source replaces it', async () => {
    const values = new Map([['camera.fps', '5']]);
    assert.equal((await problemsOf(loadYaml('camera:\n  fps: -1', { values }))).length, 1);
  });

  it('says nothing of a rule between keys of which one is wrong itself', async () => {
    const paths = (await problemsOf(loadYaml('camera: {source: replay, path: 5}'))).map(
      ({ path }) => path,
    );
    assert.deepEqual(paths, ['camera.path']);
  });

  it('hints at quotation marks for a text that YAML reads as something else', async () => {
    const [problem] = await problemsOf(loadYaml('node: 1234'));
    assert.match(problem?.detail ?? '', /^1234 is not valid: .*, here in quotation marks/);
  });

  it('reads the file that $LOOKOUT_CONFIG names', async () => {
    const problems = await problemsOf(
      load({ file: 'auto', env: { LOOKOUT_CONFIG: '/nonexistent/lookout.yaml' } }),
    );
    assert.deepEqual(problems, [
      { path: '/nonexistent/lookout.yaml', detail: 'cannot be read: no such file' },
    ]);
  });

  it('never tells a password', async () => {
    for (const url of [
      'http://me:hunter2@host',
      'mqtt://me:hunter2',
      'me:hunter2@host',
      '1:hunter2',
    ]) {
      const problems = await problemsOf(load({ env: { LOOKOUT_MQTT_URL: url } }));
      assert.equal(problems.length, 1, url);
      assert.doesNotMatch(JSON.stringify(problems), /hunter2/);
    }
  });
});

describe('explain()', () => {
  it('shows values that read back the same, their origins, and no password', async () => {
    const content = 'tracking:\n  labels: [a b, "yes"]\nmqtt:\n  url: mqtt://me:hunter2@host\n';
    const loaded = await loadYaml(content, { env: { LOOKOUT_MODEL_FILE: '/m: #1.tflite' } });
    const text = explain(loaded);
    assert.match(text, /^ {2}labels: \["a b","yes"\] +# .*lookout\.yaml:2$/m);
    assert.match(text, /^ {2}file: "\/m: #1\.tflite" +# LOOKOUT_MODEL_FILE$/m);
    assert.match(text, /^ {2}url: "mqtt:\/\/\*\*\*@host" +# /m);
    const again = await loadYaml(text.replace('***', 'me:hunter2'));
    assert.deepEqual(again.config, loaded.config);
  });
});

describe('configHash()', () => {
  it('depends on the values, not on their origins, and not on secrets', async () => {
    const hash = configHash(await load({ env: { LOOKOUT_CAMERA_FPS: '5' } }));
    assert.match(hash, /^[0-9a-f]{12}$/);
    assert.equal(configHash(await load({ values: new Map([['camera.fps', '5']]) })), hash);
    assert.notEqual(configHash(await load()), hash);
    const [one, other] = await Promise.all(
      ['mqtt://u:a@h', 'mqtt://u:b@h'].map((url) => load({ env: { LOOKOUT_MQTT_URL: url } })),
    );
    assert.equal(configHash(one!), configHash(other!));
  });
});

describe('changedKeys()', () => {
  it('names the keys that differ, secrets included', async () => {
    const before = await load();
    const after = await load({
      env: { LOOKOUT_MQTT_URL: 'mqtt://a:b@localhost:1883', LOOKOUT_TRACKING_LABELS: 'car' },
    });
    assert.deepEqual(changedKeys(before, after), ['tracking.labels', 'mqtt.url']);
    assert.deepEqual(changedKeys(after, after), []);
  });
});
