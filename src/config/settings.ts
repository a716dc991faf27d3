import type { ConfigProblem } from '../errors.js';
import { ConfigKey, type SchemaTree } from './config-key.js';
import { environmentName, keysOf } from './key-paths.js';
import { quotePath } from './quote.js';
import { originText, type Setting } from './setting.js';
import { unknownKey, unknownVariable } from './unknown-key.js';
import type { FileEntry } from './yaml-file.js';

/** Variables that start as ours do and are not keys: for the file's path, installations and tests. */
const OTHER_VARIABLES = /^LOOKOUT_(CONFIG$|ENGINE_PULL$|TEST_)/;

/** What a source sets, and what is wrong with it whatever the values are. */
export interface Settings {
  readonly settings: readonly Setting[];
  readonly problems: readonly ConfigProblem[];
}

/** The settings of a configuration file. */
export function fileSettings(
  file: string,
  entries: readonly FileEntry[],
  schema: SchemaTree,
): Settings {
  const settings: Setting[] = [];
  const problems: ConfigProblem[] = [];
  const visit = (entry: FileEntry, declared: SchemaTree[string] | undefined, path: string[]) => {
    const { node } = entry;
    const origin = { kind: 'file', file, line: entry.line } as const;
    const report = (detail: string) =>
      problems.push({
        path: quotePath(path.join('.')),
        detail: `${detail} (${originText(origin)})`,
      });
    if (declared === undefined) {
      report(unknownKey(path, schema));
    } else if (declared instanceof ConfigKey) {
      const value = node.kind === 'value' ? node.value : {};
      settings.push({ path: path.join('.'), value, origin });
    } else if (node.kind === 'section') {
      for (const child of node.entries) {
        visit(child, own(declared, child.name), [...path, child.name]);
      }
    } else if (node.value !== null) {
      report(`is not valid: expected a section with ${Object.keys(declared).join(', ')}`);
    }
  };
  for (const entry of entries) visit(entry, own(schema, entry.name), [entry.name]);
  return { settings, problems };
}

/** The settings of the environment. */
export function environmentSettings(
  env: Readonly<NodeJS.ProcessEnv>,
  schema: SchemaTree,
): Settings {
  const keys = new Map(keysOf(schema).map((entry) => [environmentName(entry.path), entry]));
  const settings: Setting[] = [];
  const problems: ConfigProblem[] = [];
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith('LOOKOUT_') || text === undefined || OTHER_VARIABLES.test(name)) continue;
    const entry = keys.get(name);
    if (entry === undefined) {
      problems.push({ path: quotePath(name), detail: unknownVariable(name, schema) });
    } else {
      const origin = { kind: 'environment', name } as const;
      settings.push({ path: entry.path, value: entry.key.format.fromText(text), origin });
    }
  }
  return { settings, problems };
}

/**
 * The settings of the command line.
 * @param values texts by the dotted paths of their keys.
 */
export function argumentSettings(
  values: ReadonlyMap<string, string>,
  schema: SchemaTree,
): readonly Setting[] {
  return keysOf(schema).flatMap(({ path, key }) => {
    const text = values.get(path);
    if (text === undefined) return [];
    const origin = { kind: 'argument', name: path } as const;
    return [{ path, value: key.format.fromText(text), origin }];
  });
}

/** Only what the object itself has: a file may well name `constructor`. */
function own<T>(tree: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(tree, name) ? tree[name] : undefined;
}
