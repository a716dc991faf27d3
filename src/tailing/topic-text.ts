/** A line for people about one message; null where it is not worth one. */
export type Describe = (topic: string, payload: string) => string | null;

/** Anybody may publish any number of topics. */
const MAX_TOPICS = 4_096;
/** Of a payload, to tell it from the one before. */
const MAX_CHARS = 1_024;

/** Of topics that are told when they change: what they say while there is nothing to tell. */
const IDLE: readonly { readonly topic: RegExp; readonly payload: string }[] = [
  { topic: /\/count$/, payload: '0' },
  { topic: /\/motion$/, payload: 'OFF' },
  { topic: /\/alert\/[^/]+$/, payload: '' },
];

/** Says what the messages below this first level mean; what is in sight or wrong when it changes. */
export function describeTopics(base: string): Describe {
  const root = `${base}/`;
  const told = new Map<string, string>();
  return (topic, payload) => {
    if (!topic.startsWith(root)) return null;
    const idle = IDLE.find((kind) => kind.topic.test(topic));
    if (idle && !isNew(told, topic, payload, idle.payload)) return null;
    const [node = '', ...rest] = topic.slice(root.length).split('/');
    const said = rest[0] === 'cam' ? ofCamera(rest.slice(1), payload) : ofNode(rest, payload);
    return said === null ? null : printable(`${node}: ${said}`);
  };
}

/** Whether a payload differs from the one before it, which is remembered. */
function isNew(
  told: Map<string, string>,
  topic: string,
  payload: string,
  atFirst: string,
): boolean {
  const now = payload.slice(0, MAX_CHARS);
  const before = told.get(topic) ?? atFirst;
  if (told.has(topic) || told.size < MAX_TOPICS) told.set(topic, now);
  return now !== before;
}

function ofNode(levels: readonly string[], payload: string): string | null {
  const [first, problem] = levels;
  if (first === 'alert' && problem !== undefined) return ofAlert(problem, payload);
  switch (levels.join('/')) {
    case 'status':
      return payload === '' ? null : payload;
    case 'info':
      return ofInfo(fieldsOf(parsed(payload)));
    case 'model/state':
      return ofModel(fieldsOf(parsed(payload)));
    case 'log':
      return ofLog(fieldsOf(parsed(payload)));
    default:
      return null;
  }
}

function ofAlert(problem: string, payload: string): string | null {
  if (payload === '') return `${problem} is over`;
  const { detail } = fieldsOf(parsed(payload));
  return detail === undefined ? null : `${problem}: ${text(detail)}`;
}

function ofLog({ level, message, count }: Fields): string | null {
  if (level !== 'error' && level !== 'warn') return null;
  const times = typeof count === 'number' && count > 1 ? ` (${count} times)` : '';
  return `${level}: ${text(message)}${times}`;
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
  const [camera = '', kind, ...rest] = levels;
  switch (kind) {
    case 'status':
      return payload === '' ? null : `${camera} is ${payload}`;
    case 'motion':
      return ofMotion(camera, payload);
    case 'state':
      return ofCondition(camera, fieldsOf(parsed(payload)));
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

function ofMotion(camera: string, payload: string): string | null {
  if (payload === 'ON') return `something moves at ${camera}`;
  return payload === 'OFF' ? `nothing moves at ${camera}` : null;
}

/** Only what has a reason: else `status` says as much. */
function ofCondition(camera: string, { phase, reason }: Fields): string | null {
  if (typeof phase !== 'string' || typeof reason !== 'string') return null;
  return `${camera} is ${phase}: ${reason}`;
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
