import type { LogPayload } from '../contract/log-schema.js';
import { formOf } from '../contract/topic-table.js';
import { PAYLOAD_VERSION } from '../contract/version.js';
import { timestamp } from './messages.js';
import type { MqttPublisher } from './mqtt-publisher.js';

/** A warning or an error; see the fields of `LogPayload`. */
export interface PublishedLine extends Pick<LogPayload, 'level' | 'message' | 'count' | 'omitted'> {
  /** Unix ms. */
  readonly timeMs: number;
}

/**
 * Publishes lines of the log.
 * @returns a function that publishes one, or gives false while there is no connection.
 */
export function logOutlet(
  publisher: Pick<MqttPublisher, 'publishLoose' | 'counters'>,
  topic: string,
): (line: PublishedLine) => boolean {
  return ({ timeMs, ...line }) => {
    if (publisher.counters.connectedSinceMs === null) return false;
    const payload: LogPayload = { v: PAYLOAD_VERSION, time: timestamp(timeMs), ...line };
    const message = { topic, payload: JSON.stringify(payload), retain: false, ...formOf('log') };
    publisher.publishLoose('log', [message]);
    return true;
  };
}
