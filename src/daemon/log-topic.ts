import type { Config } from '../config/schema.js';
import type { AdjustableLog } from '../log/create-log.js';
import { FedLog } from '../log/fed-log.js';
import { LogFeed } from '../log/log-feed.js';
import { logOutlet } from '../publishing/log-outlet.js';
import type { MqttPublisher } from '../publishing/mqtt-publisher.js';
import { topicsOf } from '../publishing/topics.js';

/** A log of which warnings and errors are published. */
export interface PublishedLog extends Disposable {
  readonly log: AdjustableLog;
  /** Names who publishes; until then a handful of lines wait. */
  readonly publishBy: (publisher: MqttPublisher) => void;
}

/** Makes a log one whose warnings and errors are published, where the configuration wants it. */
export function publishedLog(
  log: AdjustableLog,
  config: Pick<Config, 'node' | 'camera' | 'mqtt' | 'log'>,
): PublishedLog {
  if (!config.log.publish) return { log, publishBy: () => {}, [Symbol.dispose]: () => {} };
  const feed = new LogFeed();
  const { mqtt, node, camera } = config;
  const { log: topic } = topicsOf({ base: mqtt.base, node, camera: camera.id });
  return {
    log: new FedLog(log, feed),
    publishBy: (publisher) => feed.to(logOutlet(publisher, topic)),
    [Symbol.dispose]: () => feed[Symbol.dispose](),
  };
}
