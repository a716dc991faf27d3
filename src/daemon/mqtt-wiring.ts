import { join } from 'node:path';
import type { ListenPlace } from '../async/listen.js';
import { EmbeddedBroker } from '../broker/embedded-broker.js';
import type { Config } from '../config/schema.js';
import type { BrokerSecrets } from '../config/secrets.js';
import type { Log } from '../log.js';
import { Outbox } from '../outbox/outbox.js';
import { parseBrokerUrl } from '../publishing/broker-address.js';
import type { BrokerOptions } from '../publishing/broker-login.js';
import type { EventBacklog } from '../publishing/event-backlog.js';
import { forgetNode } from '../publishing/forget.js';
import { MqttPublisher } from '../publishing/mqtt-publisher.js';
import type { PublisherCounters } from '../publishing/publisher-counters.js';
import type { Inbox } from '../publishing/publisher-options.js';
import { RetainedManifest } from '../publishing/retained-manifest.js';
import { topicPatterns } from '../publishing/topics.js';

/** How publishing goes. */
export type MqttCounters = PublisherCounters;

/**
 * Starts a broker in this process that lets everyone in.
 * @throws Error when it cannot listen.
 */
export function startOpenBroker(place: ListenPlace, log: Log): Promise<EmbeddedBroker> {
  return EmbeddedBroker.start({ ...place, credentials: null }, log);
}

/**
 * Starts the broker in this process that the configuration asks for; null where it does not.
 * @throws Error when it cannot listen.
 */
export async function startConfiguredBroker(
  { mqtt }: Pick<Config, 'mqtt'>,
  { password }: BrokerSecrets,
  log: Log,
): Promise<EmbeddedBroker | null> {
  if (!mqtt.embedded) return null;
  const { host, port } = parseBrokerUrl(mqtt.url);
  const { username } = mqtt;
  const credentials = username === null ? null : { username, password: password ?? '' };
  return await EmbeddedBroker.start({ host, port, tries: 1, credentials }, log);
}

/** What publishing needs of the process. */
export interface PublishingPlace {
  readonly bootId: string;
  /** Where the process keeps what it finds out. */
  readonly stateDir: string;
  /** Who gets what comes in. */
  readonly inbox: Inbox;
  /** Where events are kept while the broker is away, the publisher's from now on. */
  readonly backlog: EventBacklog;
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

/** Begins to connect to the broker. */
export function startPublisher(
  config: Pick<Config, 'node' | 'camera' | 'mqtt'>,
  secrets: BrokerSecrets,
  { bootId, stateDir, inbox, backlog }: PublishingPlace,
  log: Log,
): MqttPublisher {
  const { mqtt, node, camera } = config;
  return MqttPublisher.start(
    {
      ...brokerOptions(config, secrets),
      baseTopic: mqtt.base,
      nodeId: node,
      cameraId: camera.id,
      bootId,
      eventTtlS: mqtt.event_ttl_s,
      historyTtlS: mqtt.history_ttl_s,
      liveWindowMs: mqtt.live_window_s * 1000,
      backlog,
      manifest: retainedManifest(stateDir, config, log),
      inbox,
      preamble: null,
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
  const { clientId, ...options } = brokerOptions(config, secrets);
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

function brokerOptions(
  { mqtt, node, camera }: Pick<Config, 'node' | 'camera' | 'mqtt'>,
  { password, caPem, clientCertificate }: BrokerSecrets,
): BrokerOptions {
  return {
    url: mqtt.url,
    username: mqtt.username,
    password,
    clientId: mqtt.client_id ?? `lookout-${node}-${camera.id}`,
    protocol: mqtt.protocol,
    tls: { caPem, clientCertificate, serverName: mqtt.server_name },
  };
}

function retainedManifest(
  stateDir: string,
  config: Pick<Config, 'node'>,
  log: Log,
): RetainedManifest {
  return new RetainedManifest(join(nodeFolder(stateDir, config), 'retained-topics.json'), log);
}

/** Two nodes on one machine would send each other's events, and clear each other's topics. */
function nodeFolder(stateDir: string, { node }: Pick<Config, 'node'>): string {
  return join(stateDir, 'nodes', node);
}

/** Topics that this configuration publishes to, with `{label}` for the slug of a label. */
export function publishedTopics({
  mqtt,
  node,
  camera,
}: Pick<Config, 'node' | 'camera' | 'mqtt'>): readonly string[] {
  return topicPatterns({ base: mqtt.base, node, camera: camera.id });
}
