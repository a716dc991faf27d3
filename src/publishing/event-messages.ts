import type { EventPayload } from '../contract/event-schema.js';
import { formOf } from '../contract/topic-table.js';
import { labelSlug } from '../domain/slug.js';
import type { KeptEvent } from './event-backlog.js';
import type { EventParcel } from './live-events.js';
import { eventPayload, timestamp } from './messages.js';
import type { Sender } from './outgoing-message.js';
import type { Message } from './session.js';

/** The message about an event that is handed over now. */
export function eventMessage(parcel: EventParcel, sender: Sender): Message {
  const { event, sinceMs } = parcel;
  return {
    topic: sender.topics.event(labelSlug(event.track.label), event.phase),
    payload: JSON.stringify(payloadOf(parcel, sender, performance.now() - sinceMs)),
    // A retained event would fire automations again whenever a consumer starts.
    retain: false,
    ...formOf('event', sender.eventTtlS),
  };
}

/** What is kept of an event that cannot be sent. */
export function keptEvent(parcel: EventParcel, sender: Sender): KeptEvent {
  const { id, seq, event, sinceMs } = parcel;
  return {
    id,
    seq,
    label: labelSlug(event.track.label),
    phase: event.phase,
    occurredAtMs: Math.round(Date.now() - (performance.now() - sinceMs)),
    payload: payloadOf(parcel, sender, 0),
  };
}

/** The message about an event that was kept: as news while it is some, else as history. */
export function keptMessage(kept: KeptEvent, sender: Sender): Message {
  const { label, phase, occurredAtMs } = kept;
  const nowMs = Date.now();
  const queuedMs = Math.max(0, nowMs - occurredAtMs);
  const replayed = queuedMs > sender.liveWindowMs;
  // As it was built: by this version of Lookout or by the one before an update.
  const payload = kept.payload as EventPayload;
  const { topics } = sender;
  return {
    topic: replayed ? topics.history(label, phase) : topics.event(label, phase),
    payload: JSON.stringify({
      ...payload,
      replayed,
      queued_ms: Math.round(queuedMs),
      time: { ...payload.time, published: timestamp(nowMs) },
    }),
    retain: false,
    ...(replayed ? formOf('history', sender.historyTtlS) : formOf('event', sender.eventTtlS)),
  };
}

function payloadOf({ event, id, seq }: EventParcel, sender: Sender, queuedMs: number) {
  return eventPayload(event, {
    id,
    seq,
    bootId: sender.bootId,
    node: sender.nodeId,
    camera: sender.cameraId,
    frameId: sender.frameId,
    queuedMs,
    publishedAtMs: Date.now(),
    isClockSynced: sender.isClockSynced(),
  });
}
