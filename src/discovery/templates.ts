/*
 * Templates that Home Assistant runs over our JSON. Where something is missing or null they give
 * None (state unknown): a template that fails logs an error with every message.
 */

const ROOT = 'value_json if value_json is mapping else {}';

/** The JSON value at a path, None where there is none: `valueAt('host', 'cpu_temp_c')`. */
export function valueAt(...path: readonly string[]): string {
  return `${withPayload()}{{ ${expressionAt('p', path)} }}`;
}

/** The state that stands for the JSON value at a path, by its text or, for true and false, itself. */
export function stateAt(path: readonly string[], states: Readonly<Record<string, string>>): string {
  const table = Object.entries(states).map(([value, state]) => `${key(value)}: '${state}'`);
  return `${withPayload()}{{ {${table.join(', ')}}.get(${expressionAt('p', path)}) }}`;
}

/** A field of the entry with this id in the list `camera` of `health`. */
export function ofCamera(cameraId: string, field: string): string {
  const entries = `(p.get('camera') or []) | selectattr('id', 'eq', '${cameraId}') | list`;
  return `${withPayload()}{% set c = ${entries} %}{{ c[0].get('${field}') if c else none }}`;
}

/** For the event entity, which wants an `event_type`; an empty payload gives nothing. */
export const EVENT_TEMPLATE =
  "{% if value_json is mapping %}{% set o = value_json.get('object') or {} %}" +
  "{{ {'event_type': value_json.get('phase'), 'id': value_json.get('id'), 'label': o.get('label'), " +
  "'score': o.get('score'), 'zones': o.get('zones') or []} | to_json }}{% endif %}";

const UPDATE_TEXTS = [
  ...['installed_version', 'latest_version', 'title', 'release_summary', 'release_url'],
  'in_progress',
];

/** For the update entity, which refuses a state with any other key, and null for its texts. */
export const UPDATE_TEMPLATE =
  `{% if value_json is mapping %}{% set n = namespace(d={}) %}` +
  `{% for k in [${UPDATE_TEXTS.map((text) => `'${text}'`).join(', ')}] %}` +
  '{% if value_json.get(k) is not none %}{% set n.d = dict(n.d, **{k: value_json[k]}) %}{% endif %}' +
  "{% endfor %}{{ dict(n.d, update_percentage=value_json.get('update_percentage')) | to_json }}{% endif %}";

/** Gives the zone's id for an event that tells of an object entering it, else nothing. */
export function zoneEntered(zone: string): string {
  const entered = "((value_json.get('object') or {}).get('zones_entered') or [])";
  return `{% if value_json is mapping and '${zone}' in ${entered} %}${zone}{% endif %}`;
}

function withPayload(): string {
  return `{% set p = ${ROOT} %}`;
}

function expressionAt(start: string, path: readonly string[]): string {
  return path.reduce(
    (value, name, depth) => `${depth === 0 ? value : `(${value} or {})`}.get('${name}')`,
    start,
  );
}

function key(value: string): string {
  return value === 'true' || value === 'false' ? value : `'${value}'`;
}
