import { formOf } from '../contract/topic-table.js';
import { eventMessage, keptMessage } from './event-messages.js';
import type { Parcel } from './send-order.js';
import type { Message } from './session.js';
import type { Topics } from './topics.js';

/** Who speaks, and where. */
export interface Sender {
  readonly topics: Topics;
  readonly nodeId: string;
  readonly cameraId: string;
  /** The camera's coordinate frame. */
  readonly frameId: string;
  readonly bootId: string;
  /** How long the broker keeps events, and those that came late (MQTT 5). */
  readonly eventTtlS: number;
  readonly historyTtlS: number;
  /** An event that is older is no news. */
  readonly liveWindowMs: number;
  /** Whether the machine knows the time now; null: it does not tell. */
  readonly isClockSynced: () => boolean | null;
}

/** The message for a parcel that is handed over now: topic, payload and flags of the contract. */
export function messageFor(parcel: Parcel, sender: Sender): Message {
  switch (parcel.kind) {
    case 'preamble':
      return parcel.message;
    case 'state': {
      const { topic, payload, form } = parcel;
      return { topic, payload, retain: true, ...form };
    }
    case 'status':
      return statusMessage(sender.topics, parcel.status);
    case 'event':
      return eventMessage(parcel, sender);
    case 'kept':
      return keptMessage(parcel.taken.entry, sender);
    case 'reply':
      return { ...parcel.reply, retain: false, contentType: 'application/json', qos: 1 };
    case 'loose':
      return parcel.message;
    default:
      return parcel satisfies never;
  }
}

/** The node's availability; `offline` is also the will. */
export function statusMessage(topics: Topics, status: 'online' | 'offline'): Message {
  return { topic: topics.status, payload: status, retain: true, ...formOf('status') };
}
