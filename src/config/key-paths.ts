import { ConfigKey, type SchemaTree } from './config-key.js';

/** A key and where it stands. */
export interface KeyEntry {
  /** Dotted path, e.g. `queue.max_age_ms`. */
  readonly path: string;
  readonly key: ConfigKey<unknown>;
}

/** All keys in the order of the schema. */
export function keysOf(schema: SchemaTree): readonly KeyEntry[] {
  return Object.entries(schema).flatMap(([name, node]) =>
    node instanceof ConfigKey
      ? [{ path: name, key: node }]
      : Object.entries(node).map(([child, key]) => ({ path: `${name}.${child}`, key })),
  );
}

/** The environment variable of a key: `queue.max_age_ms` is `LOOKOUT_QUEUE_MAX_AGE_MS`. */
export function environmentName(path: string): string {
  return `LOOKOUT_${path.replace('.', '_').toUpperCase()}`;
}

/** The value at a known key's dotted path in `tree`, undefined where there is none. */
export function valueAt(tree: object, path: string): unknown {
  let value: unknown = tree;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}
