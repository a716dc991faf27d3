import type { EventPayload, InfoPayload, ModelStatePayload } from '../publishing/payloads.js';

/** A line for people about one message; null where it is not worth one. */
export type Describe = (topic: string, payload: string) => string | null;

/** Anybody may publish any number of topics. */
const MAX_COUNTS = 4_096;

/** Says what the messages below this first level mean; numbers of objects only when they change. */
export function describeTopics(base: string): Describe {
  const root = `${base}/`;
  const counts = new Map<string, string>();
  return (topic, payload) => {
    if (!topic.startsWith(root)) return null;
    if (topic.endsWith('/count') && !isNew(counts, topic, payload)) return null;
    const [node = '', ...rest] = topic.slice(root.length).split('/');
    const said = rest[0] === 'cam' ? ofCamera(rest.slice(1), payload) : ofNode(rest, payload);
    return said === null ? null : printable(`${node}: ${said}`);
  };
}

/** Whether a number differs from the one before it, which is remembered; nobody, at first. */
function isNew(counts: Map<string, string>, topic: string, count: string): boolean {
  const before = counts.get(topic) ?? '0';
  if (counts.has(topic) || counts.size < MAX_COUNTS) counts.set(topic, count);
  return count !== before;
}

function ofNode(levels: readonly string[], payload: string): string | null {
  switch (levels.join('/')) {
    case 'status':
      return payload === '' ? null : payload;
    case 'info':
      return ofInfo(parsed<InfoPayload>(payload));
    case 'model/state':
      return ofModel(parsed<ModelStatePayload>(payload));
    default:
      return null;
  }
}

function ofInfo(info: Partial<InfoPayload> | null): string | null {
  if (!info?.engine || !info.version) return null;
  const { name, form, threads } = info.engine;
  return `Lookout ${info.version} on ${info.host}, ${name} (${form}, threads: ${threads})`;
}

function ofModel(state: Partial<ModelStatePayload> | null): string | null {
  if (state?.phase === 'active') return `the model ${state.active?.name} is active`;
  return state?.phase === 'rejected' ? `a model was refused: ${state.error?.detail}` : null;
}

function ofCamera(levels: readonly string[], payload: string): string | null {
  const [camera, kind, label, value] = levels;
  switch (kind) {
    case 'status':
      return payload === '' ? null : `${camera} is ${payload}`;
    case 'event':
      return ofEvent(parsed<EventPayload>(payload));
    case 'object':
      if (value !== 'count' || label === 'any' || payload === '') return null;
      return `${payload} × ${label} in view`;
    default:
      return null;
  }
}

function ofEvent(event: Partial<EventPayload> | null): string | null {
  const { phase, object } = event ?? {};
  if (!object) return null;
  const who = `${object.label} ${object.track_id}`;
  switch (phase) {
    case 'start':
      return `${who} has come (${Math.round(object.score * 100)} %)`;
    case 'update':
      if (!event?.changed?.includes('stationary')) return null;
      return object.stationary ? `${who} stands still` : `${who} moves again`;
    case 'end':
      return `${who} has gone after ${Math.round(object.duration_s * 10) / 10} s`;
    default:
      return null;
  }
}

/** What the payload says, as far as it is an object at all: anybody may publish here. */
function parsed<T>(payload: string): Partial<T> | null {
  try {
    const value: unknown = JSON.parse(payload);
    return typeof value === 'object' && value !== null ? (value as Partial<T>) : null;
  } catch {
    return null;
  }
}

/** Without what a terminal would obey. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '?');
}
