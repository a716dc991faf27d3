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
      return ofInfo(fieldsOf(parsed(payload)));
    case 'model/state':
      return ofModel(fieldsOf(parsed(payload)));
    default:
      return null;
  }
}

function ofInfo(info: Fields): string | null {
  const { name, form, threads } = fieldsOf(info.engine);
  if (info.version === undefined || name === undefined) return null;
  const how = `${text(name)} (${text(form)}, threads: ${text(threads)})`;
  return `Lookout ${text(info.version)} on ${text(info.host)}, ${how}`;
}

function ofModel({ phase, active, error }: Fields): string | null {
  if (phase === 'active') return `the model ${text(fieldsOf(active).name)} is active`;
  return phase === 'rejected' ? `a model was refused: ${text(fieldsOf(error).detail)}` : null;
}

function ofCamera(levels: readonly string[], payload: string): string | null {
  const [camera, kind, ...rest] = levels;
  switch (kind) {
    case 'status':
      return payload === '' ? null : `${camera} is ${payload}`;
    case 'event':
      return ofEvent(fieldsOf(parsed(payload)));
    case 'object':
      return ofObjects(rest, 'view', payload);
    case 'zone':
      return ofObjects(rest.slice(2), rest[0] ?? '', payload);
    default:
      return null;
  }
}

function ofObjects(levels: readonly string[], place: string, payload: string): string | null {
  const [label, value] = levels;
  if (value !== 'count' || label === 'any' || payload === '') return null;
  return `${payload} × ${label} in ${place}`;
}

function ofEvent({ phase, changed, object }: Fields): string | null {
  const { label, track_id, score, duration_s, stationary } = fieldsOf(object);
  if (label === undefined) return null;
  const who = `${text(label)} ${text(track_id)}`;
  switch (phase) {
    case 'start':
      return `${who} has come (${text(rounded(score, 100))} %)`;
    case 'update':
      if (!Array.isArray(changed) || !changed.includes('stationary')) return null;
      return stationary === true ? `${who} stands still` : `${who} moves again`;
    case 'end':
      return `${who} has gone after ${text(rounded(duration_s, 10, 10))} s`;
    default:
      return null;
  }
}

/** Fields that may or may not be there, of any kind: anybody may publish here. */
type Fields = Readonly<Record<string, unknown>>;

function parsed(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return null;
  }
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function rounded(value: unknown, factor: number, divisor = 1): unknown {
  return typeof value === 'number' ? Math.round(value * factor) / divisor : value;
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? `${value}` : '?';
}

/** Without what a terminal would obey. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '?');
}
