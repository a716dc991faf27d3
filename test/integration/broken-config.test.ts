import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { environmentName, keysOf } from '../../src/config/key-paths.js';
import { configSchema } from '../../src/config/schema.js';
import type { ConfigProblem } from '../../src/errors.js';
import { load, loadYaml, problemsOf, TemporaryFolder } from '../helpers/config-input.js';

const NEVER_VALID = ['[[1]]', '[{a: 1}]', '{a: 1}', '.nan', '-.inf', '""', '"a\\tb"'];
const NO_NUMBER = [...NEVER_VALID, 'null', 'true', '"10"', 'ten', '2026-01-01', '1_0', '[1]'];
const NO_SLUG = [
  ...NEVER_VALID,
  'null',
  '1',
  'true',
  'Upper',
  '"a b"',
  'a/b',
  'ü',
  `${'x'.repeat(65)}`,
];
const NO_PATH = [...NEVER_VALID, '1', 'false', '[/a]', `/${'x'.repeat(1100)}`];
const NO_FLAG = [...NEVER_VALID, 'null', 'yes', 'on', '1', '"true"', 'True!'];
const NO_WORD = [...NEVER_VALID, 'null', '0', 'true', 'other', '[auto]'];

/** Values in YAML that a key must refuse. */
const INVALID: Record<string, readonly string[]> = {
  node: NO_SLUG,
  'camera.id': NO_SLUG,
  'camera.source': [...NO_WORD, 'RPICAM', 'rpicam2', 'webcam'],
  'camera.path': NO_PATH,
  'camera.pace': [...NO_WORD, '-1', '1000.1', '"5"'],
  'camera.loop': NO_FLAG,
  'camera.width': ['641', '30', '4098', '640.5', '-640', '"640"', '640px', '[640]', '1e99'],
  'camera.height': ['479', '0', '5000', 'tall', 'true'],
  'camera.fps': [...NO_NUMBER, '0', '0.09', '120.5', '-1', '.inf'],
  'camera.seed': [...NO_NUMBER, '-1', '4294967296', '0.5'],
  'camera.duration_s': ['0', '-1', '86401', '1m', 'true'],
  'camera.index': [...NO_NUMBER, '-1', '8', '0.5'],
  'queue.capacity': [...NO_NUMBER, '0', '4', '1.5'],
  'queue.max_age_ms': [...NO_NUMBER, '49', '60001', '100.5', '1s'],
  'model.file': NO_PATH,
  'model.threshold': [...NO_NUMBER, '-0.1', '1.1', '50', '50%'],
  'model.fit': NO_WORD,
  'model.watch': NO_FLAG,
  engine: [...NO_WORD, 'xnnpack', 'tpu'],
  threads: [...NO_NUMBER, '0', '5', '2.5', 'all'],
  state_dir: NO_PATH,
  'tracking.labels': ['null', 'person', '1', '[1]', '[""]', '[null]', '[[a]]', '{a: b}'],
  'tracking.confirm_hits': ['0', '101', '1.5', 'three'],
  'tracking.lost_after_s': ['0', '601', '3s', '"3"'],
  'tracking.min_iou': ['0', '0.04', '0.96', '1'],
  'tracking.update_interval_s': ['0', '3601', '-2', 'null'],
  'mqtt.url': [
    ...NEVER_VALID,
    'null',
    '1883',
    'localhost',
    'localhost:1883',
    'http://host',
    'mqtt://',
    'mqtt://host:99999',
    '"mqtt://a b"',
    'mqtt:host',
    '//host',
  ],
  'mqtt.base': [...NEVER_VALID, 'null', '1', '/a', 'a/', 'a//b', 'a/+', 'A', '"#"', '$SYS'],
  'mqtt.client_id': NO_PATH,
  'mqtt.username': ['1', 'true', '[]', '""'],
  'mqtt.password_file': ['1', '[]', '""'],
  'mqtt.protocol': [...NO_WORD, '3', '5.5', '"5"', '3.1.1'],
  'mqtt.ca_file': ['1', '[]', '""'],
  'mqtt.cert_file': ['1', '[]', '""'],
  'mqtt.key_file': ['1', '[]', '""'],
  'mqtt.server_name': ['1', '[]', '""', 'host:8883', 'mqtts://host', '"a b"', '"*.lan"', 'a..b'],
  'mqtt.event_ttl_s': ['0', '2592001', '1.5', '1h'],
  'mqtt.live_window_s': ['0', '3601', 'long'],
  'mqtt.embedded': NO_FLAG,
  images: [...NO_WORD, 'some', 'false'],
  'http.enabled': NO_FLAG,
  'http.host': ['null', '1', '[]', '""'],
  'http.port': [...NO_NUMBER, '-1', '65536', '80.5'],
  'http.names': ['null', 'pi.local', '[1]', '[""]'],
  'log.level': [...NO_WORD, 'INFO', 'verbose', 'trace'],
  'log.format': [...NO_WORD, 'pretty', 'xml'],
};

/** Files that are refused whole or in one place: name, content, what the message must say. */
const BAD_FILES: readonly [string, string | Uint8Array, RegExp][] = [
  ['an open list', 'tracking:\n  labels: [a', /:2: not valid YAML/],
  ['an open quotation', 'node: "pi', /:1: not valid YAML: Missing closing/],
  ['an open mapping', 'camera: {width: 640', /:1: not valid YAML/],
  ['a tab as indentation', 'camera:\n\twidth: 640', /:2: not valid YAML: Tabs/],
  ['uneven indentation', 'camera:\n  width: 640\n height: 480', /:3: not valid YAML/],
  ['two values in a line', 'node: a: b', /:1: not valid YAML/],
  ['a reserved character', 'node: @pi', /:1: not valid YAML/],
  ['a wrong escape', 'node: "\\q"', /:1: not valid YAML/],
  ['a key twice', 'node: a\ncamera:\n  fps: 5\nnode: b', /:4: the key stands there twice/],
  ['a key twice in a section', 'camera:\n  fps: 5\n  fps: 6', /:3: the key stands there twice/],
  ['a section twice', 'camera:\n  fps: 5\ncamera:\n  loop: true', /:3: the key stands there twice/],
  ['two documents', 'node: a\n---\nnode: b', /only one document is expected/],
  ['a list at the top', '- node\n- camera', /not a mapping of keys to values/],
  ['a word at the top', 'lookout', /not a mapping of keys to values/],
  ['a number at the top', '42', /not a mapping of keys to values/],
  ['no space after the colon', 'node:pi', /not a mapping of keys to values/],
  ['JSON in an array', '[{"node": "a"}]', /not a mapping of keys to values/],
  ['an alias', 'node: &a pi\ncamera:\n  id: *a', /:3: aliases .* are not supported/],
  ['an alias to nothing', 'node: *a', /:1: aliases .* are not supported/],
  ['an alias at the top', '*a', /not a mapping|not valid YAML/],
  ['an alias in a list', 'tracking:\n  labels: [&a x, *a]', /:2: aliases/],
  ['a tag', 'node: !env HOME', /:1: not valid YAML: tags/],
  ['a binary', 'node: !!binary aGVsbG8=', /:1: not valid YAML: tags/],
  ['a tagged function', 'node: !!js/function "x"', /:1: not valid YAML: tags/],
  ['an unknown directive', '%LOOK 1\n---\nnode: a', /not valid YAML: unknown directive/],
  ['a list as a key', '? [a, b]\n: 1', /:1: not valid YAML/],
  ['deep lists', '['.repeat(20_000), /not valid YAML/],
  ['deep mappings', '{'.repeat(20_000), /not valid YAML/],
  ['deep keys', '? '.repeat(20_000), /not valid YAML/],
  [
    'deep indentation',
    Array.from({ length: 400 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
    /a: is not a known key/,
  ],
  ['a NUL', 'node: a\0b', /cannot be read: not text: it holds a NUL byte/],
  ['invalid UTF-8', Buffer.from('node: caf\xe9', 'latin1'), /cannot be read: not UTF-8/],
  ['a cut UTF-8 sequence', Buffer.from([0x6e, 0x3a, 0x20, 0xe2, 0x82]), /not UTF-8/],
  ['UTF-16', Buffer.from('\ufeffnode: a', 'utf16le'), /cannot be read: not/],
  ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), /cannot be read: not/],
  ['2 MiB', '#'.repeat(2 << 20), /cannot be read: longer than 131072 bytes/],
  ['a byte too much', `#${'x'.repeat(131_072)}`, /cannot be read: longer than 131072 bytes/],
  ['a merge key', '<<: {node: a}', /is not a known key/],
  [
    'a section that is a word',
    'camera: rpicam',
    /camera: is not valid: expected a section with id, frame_id, source/,
  ],
  ['a section that is a list', 'camera:\n  - width', /camera: is not valid: expected a section/],
  ['a key that is a section', 'node:\n  id: a', /node: a section is not valid/],
  [
    'an unknown section',
    'kamera:\n  width: 640',
    /kamera: is not a known key: did you mean camera\?/,
  ],
  [
    'an unknown key',
    'camera:\n  widht: 640',
    /camera.widht: .* did you mean camera.width\? .*:2\)/,
  ],
  ['the wrong section', 'mqtt:\n  fps: 5', /mqtt.fps: .* did you mean camera.fps\?/],
  ['no section', 'width: 640', /width: .* did you mean camera.width\?/],
  ['a dotted key', 'camera.width: 640', /write width inside the section camera/],
  ['half a key', 'mqtt:\n  user: me', /did you mean mqtt.username\?/],
  ['a secret in a wrong key', 'mqtt:\n  password: hunter2', /did you mean mqtt.password_file\?/],
  ['nothing like it', 'mqtt:\n  zzzzzz: 1', /mqtt has url, embedded, /],
  ['nothing like it at the top', 'zzzzzz: 1', /valid are node, camera, /],
  ['upper case', 'Camera:\n  fps: 5', /did you mean camera\?/],
  ['a prototype', '__proto__:\n  x: 1', /__proto__: is not a known key/],
  ['a prototype in a section', 'camera:\n  __proto__: 1', /camera.__proto__: is not a known key/],
  ['a constructor', 'constructor:\n  prototype: {x: 1}', /constructor: is not a known key/],
  ['toString', 'toString: 1', /toString: is not a known key/],
  ['hasOwnProperty in a section', 'log:\n  hasOwnProperty: 1', /log.hasOwnProperty: is not/],
  ['an empty key', '"": 1', /"": is not a known key/],
  ['a null key', 'null: 1', /null: is not a known key/],
  ['a terminal escape in a key', '"\\e[2Jx": 1', /"\\u001b\[2Jx": is not a known key/],
  ['a line end in a key', '"a\\nb": 1', /"a\\nb": is not a known key/],
  ['a key without end', `${'k'.repeat(900)}: 1`, /"k{80}…": is not a known key/],
  ['replay without a path', 'camera:\n  source: replay', /camera.path: is missing: camera.source/],
  ['width alone', 'camera:\n  width: 640', /camera.width: .* camera.height/],
  ['height alone', 'camera:\n  height: 480', /camera.width and camera.height/],
  [
    'a broker of its own with TLS',
    'mqtt:\n  embedded: true\n  url: mqtts://127.0.0.1',
    /speaks no TLS/,
  ],
  [
    'a broker of its own for everyone',
    'mqtt:\n  embedded: true\n  url: mqtt://0.0.0.0:1883',
    /mqtt.embedded: would let everyone in/,
  ],
  ['a CA without TLS', 'mqtt:\n  ca_file: /ca.pem', /mqtt.ca_file: would be of no use/],
  [
    'a key without a certificate',
    'mqtt:\n  url: mqtts://host\n  key_file: /key.pem',
    /mqtt.key_file: does not stand alone/,
  ],
  [
    'a gate without motion',
    'motion: { gate: true, enabled: false }',
    /motion.gate needs motion.enabled/,
  ],
  ['labels without a model', 'model:\n  labels: /l.txt', /model.labels needs model.file/],
];

function text({ path, detail }: ConfigProblem): string {
  return `${path}: ${detail}`;
}

function yaml(path: string, value: string): string {
  const [section, name] = path.split('.');
  return name === undefined ? `${section}: ${value}` : `${section}:\n  ${name}: ${value}`;
}

function assertReadable(message: string): void {
  assert.doesNotMatch(message, /\p{Cc}/u, 'one line without control characters');
  assert.ok(message.length < 400, `${message.length} characters`);
}

describe('loadConfig with a broken value', () => {
  for (const [path, values] of Object.entries(INVALID)) {
    it(`refuses each of ${values.length} values for ${path}`, async () => {
      for (const value of values) {
        const problems = await problemsOf(loadYaml(yaml(path, value)));
        assert.equal(problems.length, 1, `${path}: ${value} gives ${problems.map(text)}`);
        const message = text(problems[0]!);
        assert.match(message, /is not valid: expected .* \(.*lookout\.yaml:[12]\)$/, value);
        assert.equal(problems[0]!.path, path);
        assertReadable(message);
      }
    });
  }

  it('refuses what is no number, flag or word in every variable and argument', async () => {
    for (const { path, key } of keysOf(configSchema({ hostName: 'pi', cores: 4 }))) {
      const env = { [environmentName(path)]: '\u0007' };
      const [fromEnvironment, ...others] = await problemsOf(load({ env }));
      // Lists and texts refuse the control character, all else refuses the text.
      assert.match(fromEnvironment?.detail ?? '', new RegExp(`${environmentName(path)}\\)$`), path);
      assert.deepEqual(others, []);
      const [fromArgument] = await problemsOf(load({ values: new Map([[path, '\u0007']]) }));
      assert.match(fromArgument?.detail ?? '', new RegExp(`\\(--${path}\\)$`), key.doc);
    }
  });
});

describe('loadConfig with a broken file', () => {
  for (const [name, content, expected] of BAD_FILES) {
    it(`says one thing about ${name}`, async () => {
      const messages = (await problemsOf(loadYaml(content))).map(text);
      assert.equal(messages.length, 1, messages.join('\n'));
      assert.match(messages[0]!, expected);
      assert.doesNotMatch(messages[0]!, /hunter2/);
      assertReadable(messages[0]!);
    });
  }

  it('says what is wrong with a file that is none', async () => {
    using folder = new TemporaryFolder();
    const missing = join(folder.path, 'missing.yaml');
    const link = join(folder.path, 'link.yaml');
    const pipe = join(folder.path, 'pipe');
    symlinkSync(missing, link);
    mkdirSync(join(folder.path, 'folder'));
    assert.equal(spawnSync('mkfifo', [pipe]).status, 0);
    for (const [file, expected] of [
      [missing, /cannot be read: no such file/],
      [link, /cannot be read: no such file/],
      [join(folder.path, 'folder'), /cannot be read: not a regular file/],
      [join(folder.file('plain', ''), 'x.yaml'), /a part of the path is not a directory/],
      [pipe, /cannot be read: not a regular file/],
      ['/dev/zero', /cannot be read: not a regular file/],
      ['', /cannot be read: no such file/],
    ] as const) {
      const messages = (await problemsOf(load({ file }))).map(text);
      assert.equal(messages.length, 1);
      assert.match(messages[0]!, expected);
    }
  });

  it('stops naming problems at some point', async () => {
    const lines = Array.from({ length: 3000 }, (_, i) => `unknown_key_${i}: 1`);
    const problems = await problemsOf(loadYaml(lines.join('\n')));
    assert.equal(problems.length, 51);
    assert.equal(problems.at(-1)?.detail, 'has 2950 more problems');
  });
});
