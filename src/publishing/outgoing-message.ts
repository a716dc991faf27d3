import { formOf } from '../contract/topic-table.js';
import { slug } from '../domain/slug.js';
import type { EventParcel } from './live-events.js';
import { eventPayload } from './messages.js';
import type { Parcel } from './send-order.js';
import type { Message } from './session.js';
import type { Topics } from './topics.js';

/** Who speaks, and where. */
export interface Sender {
  readonly topics: Topics;
  readonly nodeId: string;
  readonly cameraId: string;
  readonly bootId: string;
  readonly eventTtlS: number;
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
  return { topic: topics.status, payload: status, retain: true, ...formOf('status', 0) };
}

function eventMessage({ event, id, seq, sinceMs }: EventParcel, sender: Sender): Message {
  const payload = eventPayload(event, {
    id,
    seq,
    bootId: sender.bootId,
    node: sender.nodeId,
    camera: sender.cameraId,
    queuedMs: performance.now() - sinceMs,
    publishedAtMs: Date.now(),
  });
  return {
    topic: sender.topics.event(slug(event.track.label), event.phase),
    payload: JSON.stringify(payload),
    // A retained event would fire automations again whenever a consumer starts.
    retain: false,
    ...formOf('event', sender.eventTtlS),
  };
}
