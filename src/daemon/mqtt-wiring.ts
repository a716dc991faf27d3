import { join } from 'node:path';
import type { Config } from '../config/schema.js';
import type { BrokerSecrets } from '../config/secrets.js';
import { zonesOf } from '../config/zone-list.js';
import { frameIdOf } from '../domain/frame-id.js';
import type { Log } from '../log.js';
import { Outbox } from '../outbox/outbox.js';
import type { BrokerOptions } from '../publishing/broker-login.js';
import type { EventBacklog } from '../publishing/event-backlog.js';
import { findLeftovers } from '../publishing/find-leftovers.js';
import { forgetNode } from '../publishing/forget.js';
import { MqttPublisher } from '../publishing/mqtt-publisher.js';
import type { Preamble } from '../publishing/preamble.js';
import type { PublisherCounters } from '../publishing/publisher-counters.js';
import type { Inbox } from '../publishing/publisher-options.js';
import { RetainedManifest } from '../publishing/retained-manifest.js';
import { topicPatterns, topicsOf } from '../publishing/topics.js';
import { renewedTls } from './renewed-tls.js';

/** How publishing goes. */
export type MqttCounters = PublisherCounters;

/** What publishing needs of the process. */
export interface PublishingPlace {
  readonly bootId: string;
  /** Where the process keeps what it finds out. */
  readonly stateDir: string;
  /** Who gets what comes in. */
  readonly inbox: Inbox;
  /** What is told before all states. */
  readonly preamble: Preamble;
  /** Where events are kept while the broker is away, the publisher's from now on. */
  readonly backlog: EventBacklog;
  /** Whether the machine knows the time now; null: it does not tell. */
  readonly isClockSynced: () => boolean | null;
  /** When to begin to connect. */
  readonly notBefore: Promise<void>;
}

/**
 * Opens the outbox, and reads what an earlier run has left in it.
 * @param onChange is called when it may have something to take again, or `problem` is another.
 */
export async function startOutbox(
  config: Pick<Config, 'node' | 'mqtt'>,
  stateDir: string,
  onChange: () => void,
  log: Log,
): Promise<Outbox> {
  const { mqtt } = config;
  const options = {
    folder: join(nodeFolder(stateDir, config), 'outbox'),
    maxBytes: mqtt.outbox_max_mb * 2 ** 20,
    maxAgeMs: mqtt.outbox_max_age_h * 3_600_000,
    onChange,
  };
  return await Outbox.start(options, log);
}

/** Begins to connect to the broker as soon as it may. */
export function startPublisher(
  config: Pick<Config, 'node' | 'camera' | 'zones' | 'mqtt'>,
  secrets: BrokerSecrets,
  { stateDir, ...place }: PublishingPlace,
  log: Log,
): MqttPublisher {
  const { mqtt, node, camera } = config;
  return MqttPublisher.start(
    {
      ...brokerOptions(config, secrets, log),
      baseTopic: mqtt.base,
      nodeId: node,
      cameraId: camera.id,
      frameId: frameIdOf(camera),
      zones: zonesOf(config.zones),
      ...place,
      eventTtlS: mqtt.event_ttl_s,
      historyTtlS: mqtt.history_ttl_s,
      liveWindowMs: mqtt.live_window_s * 1000,
      manifest: retainedManifest(stateDir, config, log),
    },
    log,
  );
}

/**
 * Clears what this node has left retained at the broker; see `forgetNode`.
 * @param place.stateDir where the list of retained topics is, which is emptied.
 */
export async function forgetAtBroker(
  config: Pick<Config, 'node' | 'camera' | 'mqtt'>,
  secrets: BrokerSecrets,
  { stateDir, force }: { readonly stateDir: string; readonly force: boolean },
  log: Log,
): Promise<number> {
  const { mqtt, node } = config;
  const { clientId, ...options } = brokerOptions(config, secrets, log);
  await using manifest = retainedManifest(stateDir, config, log);
  const cleared = await forgetNode({
    // A daemon with the same client id would be pushed out.
    broker: { ...options, clientId: `${clientId}-forget` },
    root: `${mqtt.base}/${node}`,
    known: await manifest.read(),
    force,
  });
  manifest.note([]);
  return cleared;
}

/**
 * Clears what the broker keeps below this node and this run does not have; see `findLeftovers`.
 * @returns the topics.
 */
export async function clearLeftovers(
  config: Pick<Config, 'node' | 'camera' | 'mqtt'>,
  secrets: BrokerSecrets,
  publisher: MqttPublisher,
  log: Log,
): Promise<readonly string[]> {
  const { clientId, ...options } = brokerOptions(config, secrets, log);
  const place = { root: `${config.mqtt.base}/${config.node}`, camera: config.camera.id };
  const kept = await findLeftovers({ ...options, clientId: `${clientId}-clear` }, place);
  const ours = new Set(publisher.retainedTopics);
  const leftovers = kept.filter((topic) => !ours.has(topic));
  publisher.takeBack(leftovers);
  return leftovers;
}

function brokerOptions(
  { mqtt, node, camera }: Pick<Config, 'node' | 'camera' | 'mqtt'>,
  secrets: BrokerSecrets,
  log: Log,
): BrokerOptions {
  return {
    url: mqtt.url,
    username: mqtt.username,
    password: secrets.password,
    clientId: mqtt.client_id ?? `lookout-${node}-${camera.id}`,
    protocol: mqtt.protocol,
    tls: renewedTls(secrets, mqtt.server_name, log),
  };
}

function retainedManifest(
  stateDir: string,
  config: Pick<Config, 'node'>,
  log: Log,
): RetainedManifest {
  return new RetainedManifest(join(nodeFolder(stateDir, config), 'retained-topics.json'), log);
}

/**
 * Where a node keeps what is its own: two on one machine would send each other's events, and clear
 * each other's topics.
 */
export function nodeFolder(stateDir: string, { node }: Pick<Config, 'node'>): string {
  return join(stateDir, 'nodes', node);
}

/** Topics that this configuration publishes to, with `{label}` and `{zone}` for slugs and ids. */
export function publishedTopics({
  mqtt,
  node,
  camera,
  zones,
  stream,
}: Pick<Config, 'node' | 'camera' | 'zones' | 'mqtt' | 'stream'>): readonly string[] {
  const ids = { base: mqtt.base, node, camera: camera.id };
  const { frame, rosDetections, rosVisionInfo, rosLabelInfo } = topicsOf(ids);
  const off = new Set([
    ...(stream.frames ? [] : [frame]),
    ...(stream.ros ? [] : [rosDetections, rosVisionInfo, rosLabelInfo]),
  ]);
  return topicPatterns(ids).filter(
    (topic) => !off.has(topic) && (zones.length > 0 || !topic.includes('{zone}')),
  );
}
