import { ConfigKey, type SchemaTree } from './config-key.js';
import { environmentName, keysOf } from './key-paths.js';
import { nearest } from './nearest.js';

/**
 * What is wrong with a path of the configuration file that the schema does not have.
 * @param path names from the top, one or two.
 */
export function unknownKey(path: readonly string[], schema: SchemaTree): string {
  const known = keysOf(schema).map((entry) => entry.path);
  const dotted = path.join('.');
  if (known.includes(dotted)) {
    const [section, name] = dotted.split('.');
    return `is not a known key here: write ${name} inside the section ${section}`;
  }
  const meant = suggestion(path, known, schema);
  return `is not a known key: ${meant ? `did you mean ${meant}?` : validKeys(path, schema)}`;
}

function suggestion(
  path: readonly string[],
  known: readonly string[],
  schema: SchemaTree,
): string | undefined {
  const [section = '', name] = path;
  if (name !== undefined) {
    const sibling = nearest(name, namesIn(section, schema));
    if (sibling) return `${section}.${sibling}`;
  }
  const whole = nearest(path.join('.'), [...Object.keys(schema), ...known]);
  if (whole) return whole;
  // The right key in the wrong section, or in none.
  const leaf = nearest(path.at(-1) ?? '', known.map(lastName));
  return known.find((candidate) => lastName(candidate) === leaf);
}

function validKeys([section = '', name]: readonly string[], schema: SchemaTree): string {
  const inSection = name === undefined ? [] : namesIn(section, schema);
  return inSection.length > 0
    ? `${section} has ${inSection.join(', ')}`
    : `valid are ${Object.keys(schema).join(', ')}`;
}

function namesIn(section: string, schema: SchemaTree): readonly string[] {
  const node = Object.hasOwn(schema, section) ? schema[section] : undefined;
  return node === undefined || node instanceof ConfigKey ? [] : Object.keys(node);
}

function lastName(path: string): string {
  return path.slice(path.indexOf('.') + 1);
}

/** What is wrong with an environment variable that starts as ours do but belongs to no key. */
export function unknownVariable(name: string, schema: SchemaTree): string {
  const meant = nearest(
    name,
    keysOf(schema).map(({ path }) => environmentName(path)),
  );
  return `is not a known environment variable${meant ? `: did you mean ${meant}?` : ''}`;
}
