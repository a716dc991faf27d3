import convict from 'convict';
import type { ConfigProblem } from '../errors.js';
import { ConfigKey, type SchemaTree } from './config-key.js';
import { keysOf } from './key-paths.js';
import { quote } from './quote.js';
import { type Origin, originText, type Setting } from './setting.js';

/** The effective values as they come together: every setting is checked when it is offered. */
export class ConfigStore {
  readonly #keys: ReadonlyMap<string, ConfigKey<unknown>>;
  readonly #convict: convict.Config<object>;
  readonly #origins = new Map<string, Origin>();

  constructor(schema: SchemaTree) {
    this.#keys = new Map(keysOf(schema).map(({ path, key }) => [path, key]));
    // Convict would read the process's own environment and arguments, without telling whose they are.
    this.#convict = convict<object>(convictSchema(schema), { env: {}, args: [] });
    for (const path of this.#keys.keys()) this.#origins.set(path, { kind: 'default' });
  }

  /** Takes a setting, which replaces what was there, or says all that is wrong with it. */
  offer({ path, value, origin }: Setting): readonly ConfigProblem[] {
    const before = this.#convict.get(path as never);
    this.#convict.set(path, value);
    try {
      // One setting at a time: convict tells all problems in a single text, without their origins.
      this.#convict.validate({ allowed: 'strict' });
      this.#origins.set(path, origin);
      return [];
    } catch {
      this.#convict.set(path, before);
      const place = `(${originText(origin)})`;
      return this.#refusals(path, value).map((detail) => ({ path, detail: `${detail} ${place}` }));
    }
  }

  /** All values, in the shape of the schema. */
  values(): object {
    return this.#convict.getProperties();
  }

  /** Where each key's value comes from. */
  get origins(): ReadonlyMap<string, Origin> {
    return this.#origins;
  }

  #refusals(path: string, value: unknown): readonly string[] {
    const format = this.#keys.get(path)?.format;
    if (format === undefined) return ['is not a known key'];
    const problems = format.problems?.(value) ?? [];
    if (problems.length > 0) return problems;
    const shown = quote(typeof value === 'string' ? (format.redact?.(value) ?? value) : value);
    const unquoted = typeof value === 'number' || typeof value === 'boolean';
    const hint = unquoted && format.accepts(String(value)) ? ', here in quotation marks' : '';
    return [`${shown} is not valid: expected ${format.expected}${hint}`];
  }
}

/**
 * Our declarations as convict's: one custom format, which asks the key's own. Convict's formats
 * would guess: they take "12abc" for the number 12.
 */
function convictSchema(schema: SchemaTree): convict.Schema<object> {
  convict.addFormat({
    name: 'lookout',
    validate: (value, { key }) => {
      if (key instanceof ConfigKey && !key.format.accepts(value)) throw new Error('not valid');
    },
  });
  const root: Record<string, unknown> = {};
  for (const [name, node] of Object.entries(schema)) {
    root[name] =
      node instanceof ConfigKey
        ? leaf(node)
        : Object.fromEntries(Object.entries(node).map(([child, key]) => [child, leaf(key)]));
  }
  return root;
}

function leaf(key: ConfigKey<unknown>) {
  return { doc: key.doc, default: key.default, format: 'lookout', key };
}
