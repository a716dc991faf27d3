import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const STAGE = [
  'domain',
  'async',
  'config/schema',
  'errors',
  'files',
  'free-memory',
  'log',
  'native-addon',
  'processes',
  'node:',
];
const PORTS = [
  'camera/frame-source',
  'motion/frame-gate',
  'detection/detector',
  'tracking/tracker',
  'publishing/publisher',
];

/**
 * What a folder or file of src/ may import besides its own folder; the longest matching key counts.
 * Type-only imports count too. A third-party package stands beside the one file that imports it.
 */
const MAY_IMPORT: Record<string, readonly string[]> = {
  domain: [],
  errors: [],
  'native-addon': ['errors', 'node:'],
  'free-memory': ['native-addon', 'node:'],
  log: ['node:', 'errors'],
  'log/create-log': ['log', 'node:', 'winston'],
  async: ['errors', 'node:'],
  files: ['errors', 'node:'],
  processes: ['node:'],
  config: ['domain', 'errors', 'node:'],
  'config/schema': ['domain', 'errors', 'node:'],
  'config/config-store': ['errors', 'convict'],
  'config/yaml-file': ['errors', 'node:', 'yaml'],
  camera: STAGE,
  detection: STAGE,
  'detection/inference-worker': ['domain', 'errors', 'free-memory', 'node:'],
  'detection/tfjs-interpreter': [
    ...['domain', 'errors', 'free-memory', 'node:', 'tfjs-tflite-node'],
  ],
  models: STAGE,
  'models/flexbuffer': ['errors', 'flatbuffers'],
  'models/quantize': [...STAGE, 'models/flat-table', 'models/operator-names'],
  'models/quantize/detection-head': [
    ...STAGE,
    ...['models/flexbuffer', 'models/operator-names', 'models/quantize'],
  ],
  'models/quantize/flat-writer': ['models/flat-table', 'flatbuffers'],
  'models/embedded-files': ['errors', 'fflate'],
  'engine-library': STAGE,
  motion: ['domain', 'native-addon'],
  tracking: STAGE,
  // The notation of all its schemas.
  contract: ['domain', 'typebox'],
  'contract/topic-table': [],
  publishing: [...STAGE, 'contract'],
  'publishing/mqtt-connection': [...STAGE, 'contract', 'mqtt'],
  'publishing/web-socket': [...STAGE, 'ws'],
  'publishing/message-ids': [...STAGE, 'ulid'],
  commands: [...STAGE, 'contract', 'config/quote'],
  outbox: ['domain', 'async', 'errors', 'log', 'node:'],
  'outbox/event-store': ['errors', 'node:', 'classic-level'],
  discovery: [...STAGE, 'contract/topic-spelling'],
  broker: [...STAGE, 'aedes'],
  http: [...STAGE, 'publishing/publisher'],
  tailing: STAGE,
  'tailing/subscription': [
    ...STAGE,
    ...['mqtt', 'publishing/link-failure', 'publishing/open-stream'],
  ],
  images: [...STAGE, 'sharp'],
  'images/bmp': ['domain', 'errors', 'fast-bmp'],
  supervision: STAGE,
  health: ['domain', 'contract', 'node:'],
  pipeline: ['domain', 'async', 'errors', 'log', ...PORTS],
  tuning: [...STAGE, 'detection', 'models'],
  daemon: [
    ...STAGE,
    ...PORTS,
    'commands',
    'contract',
    'health',
    'publishing/publisher-options',
    'publishing/preamble',
    'discovery',
    'config',
    'pipeline',
    'models',
    'engine-library',
    'supervision',
    'tuning',
    'tailing',
    'http',
  ],
  'daemon/tail': [...STAGE, 'config', 'tailing', 'publishing/broker-address'],
  'daemon/log-topic': [...STAGE, 'config', 'publishing'],
  'daemon/wiring': [...STAGE, 'config', 'camera', 'detection', 'tracking', 'images'],
  'daemon/picture-wiring': [...STAGE, 'config', 'detection', 'publishing', 'images'],
  'daemon/motion-wiring': [...STAGE, 'config', 'motion', 'publishing/publisher'],
  'daemon/stream-wiring': [
    ...STAGE,
    ...['config', 'contract', 'pipeline', 'publishing', 'tracking/tracker'],
  ],
  'daemon/mqtt-wiring': [...STAGE, 'config', 'publishing', 'outbox'],
  'daemon/own-broker': [...STAGE, 'config', 'broker', 'publishing'],
  cli: ['daemon', 'config', 'contract', 'domain', 'errors', 'log', 'node:'],
  'cli/command-line': ['config', 'errors', 'commander'],
  main: ['cli', 'errors', 'node:'],
};

const SRC = fileURLToPath(new URL('../../../src/', import.meta.url));

function allowedFor(file: string): readonly string[] {
  const keys = Object.keys(MAY_IMPORT).filter((key) => isWithin(file, key));
  const key = keys.sort((a, b) => b.length - a.length)[0];
  assert.ok(key, `Cannot place ${file}: its folder is missing from MAY_IMPORT`);
  return MAY_IMPORT[key] ?? [];
}

function importsOf(file: string): string[] {
  const text = readFileSync(`${SRC}${file}.ts`, 'utf8');
  const specifiers = text.matchAll(/(?:\bfrom\s|\bimport\s|\bimport\()\s*'([^']+)'/g);
  return Array.from(specifiers, ([, path = '']) =>
    path.startsWith('.') ? posix.join(posix.dirname(file), path).replace(/\.js$/, '') : path,
  );
}

function isWithin(path: string, place: string): boolean {
  return path === place || path.startsWith(place.endsWith(':') ? place : `${place}/`);
}

describe('architecture', () => {
  for (const entry of readdirSync(SRC, { recursive: true, encoding: 'utf8' })) {
    if (!entry.endsWith('.ts')) continue;
    const file = entry.slice(0, -'.ts'.length);
    it(`${file} imports only what its place allows`, () => {
      const folder = posix.dirname(file);
      const allowed = folder === '.' ? allowedFor(file) : [...allowedFor(file), folder];
      for (const target of importsOf(file)) {
        const ok = allowed.some((place) => isWithin(target, place));
        assert.ok(ok, `${file} imports ${target}; allowed: ${allowed.join(', ') || 'nothing'}`);
      }
    });
  }
});
