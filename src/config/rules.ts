import type { ConfigProblem } from '../errors.js';
import type { Config, KeyPath } from './schema.js';
import { zonesOf } from './zone-list.js';

/** What must hold between keys that are valid each by itself. */
interface Rule {
  /** The key that is to blame, then those it depends on. */
  readonly keys: readonly [KeyPath, ...KeyPath[]];
  holds(config: Config): boolean;
  readonly otherwise: string;
}

const RULES: readonly Rule[] = [
  {
    keys: ['camera.path', 'camera.source'],
    holds: ({ camera }) => camera.source !== 'replay' || camera.path !== null,
    otherwise: 'is missing: camera.source "replay" needs camera.path, a video file or folder',
  },
  {
    keys: ['camera.width', 'camera.height'],
    holds: ({ camera }) => (camera.width === null) === (camera.height === null),
    otherwise: 'does not stand alone: camera.width and camera.height are given both or not at all',
  },
  {
    keys: ['mqtt.embedded', 'mqtt.url'],
    holds: ({ mqtt }) => !mqtt.embedded || schemeOf(mqtt.url) === 'mqtt:',
    otherwise:
      'speaks no TLS and no websockets: mqtt.url has to begin with mqtt:// for the embedded broker',
  },
  {
    keys: ['mqtt.embedded', 'mqtt.url', 'mqtt.username'],
    holds: ({ mqtt }) => !mqtt.embedded || mqtt.username !== null || isLoopback(mqtt.url),
    otherwise:
      'would let everyone in: beyond this machine it needs mqtt.username and mqtt.password_file',
  },
  ...(['ca_file', 'cert_file', 'key_file', 'server_name'] as const).map(
    (name): Rule => ({
      keys: [`mqtt.${name}`, 'mqtt.url'],
      // Whoever names one of these believes in TLS, and must not go without.
      holds: ({ mqtt }) => mqtt[name] === null || /^(mqtts|wss):$/.test(schemeOf(mqtt.url)),
      otherwise: `would be of no use: mqtt.${name} needs a mqtt.url with mqtts:// or wss://`,
    }),
  ),
  {
    keys: ['mqtt.key_file', 'mqtt.cert_file'],
    holds: ({ mqtt }) => mqtt.key_file === null || mqtt.cert_file !== null,
    otherwise: 'does not stand alone: mqtt.key_file needs mqtt.cert_file',
  },
  {
    keys: ['motion.gate', 'motion.enabled'],
    holds: ({ motion }) => motion.enabled || !motion.gate,
    otherwise: 'would have nothing to go by: motion.gate needs motion.enabled',
  },
  {
    keys: ['zones', 'tracking.labels'],
    holds: ({ zones, tracking: { labels } }) =>
      labels.length === 0 ||
      zonesOf(zones).every((zone) => zone.labels.every((label) => labels.includes(label))),
    otherwise: 'wait for nobody: a zone names a label that tracking.labels leaves out',
  },
  {
    keys: ['model.labels', 'model.file'],
    holds: ({ model }) => model.labels === null || model.file !== null,
    otherwise: 'does not stand alone: model.labels needs model.file',
  },
];

function schemeOf(url: string): string {
  return URL.canParse(url) ? new URL(url).protocol : '';
}

/** Whether only programs of this machine reach the address. */
function isLoopback(url: string): boolean {
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  return host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host);
}

/**
 * The rules between keys that `config` breaks; a rule about a key in `faulty`, whose given value
 * was refused, says nothing.
 */
export function brokenRules(config: Config, faulty: ReadonlySet<string>): ConfigProblem[] {
  return RULES.filter(
    ({ keys, holds }) => !keys.some((key) => faulty.has(key)) && !holds(config),
  ).map(({ keys: [path], otherwise }) => ({ path, detail: otherwise }));
}
