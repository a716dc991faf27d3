import { quote } from '../config/quote.js';

/**
 * The few kinds of JSON Schema (2020-12) that commands need. A schema is a JSON Schema as it
 * stands: what is checked here can be given to anybody who asks.
 */
export type Schema = true | ChoiceSchema | TextSchema | NumberSchema | ObjectSchema;

/** One of a few values. */
export interface ChoiceSchema {
  readonly enum: readonly (string | number | boolean)[];
}

/** A text; lengths are in code points. */
export interface TextSchema {
  readonly type: 'string';
  readonly minLength: number;
  readonly maxLength: number;
  /** A regular expression for the flag `u`. */
  readonly pattern: string;
  /** Completes "expected …", and says in words what the pattern lets through. */
  readonly description: string;
}

export interface NumberSchema {
  readonly type: 'number';
  readonly minimum: number;
  readonly maximum: number;
}

/** Fields by name; others are refused. */
export interface ObjectSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, Schema>>;
  readonly required: readonly string[];
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly additionalProperties: false;
}

/** The type of the values that a schema lets through. */
export type ValueOf<S> = S extends { readonly enum: readonly (infer Choice)[] }
  ? Choice
  : S extends { readonly type: 'string' }
    ? string
    : S extends { readonly type: 'number' }
      ? number
      : S extends { readonly properties: infer P; readonly required: readonly (infer R)[] }
        ? { readonly [K in keyof P as K extends R ? K : never]: ValueOf<P[K]> } & {
            readonly [K in keyof P as K extends R ? never : K]?: ValueOf<P[K]>;
          }
        : unknown;

/**
 * What is wrong with a parsed JSON value, in one sentence without a full stop, or null.
 * @param path what the value is called in that sentence.
 */
export function problemOf(value: unknown, schema: Schema, path: string): string | null {
  if (schema === true) return null;
  if (isObjectSchema(schema) && isObject(value)) return problemInside(value, schema, path);
  return accepts(value, schema)
    ? null
    : `${path}: found ${found(value)}, expected ${expectedBy(schema)}`;
}

/** What a schema lets through, in words that complete "expected …". */
export function expectedBy(schema: Schema): string {
  if (schema === true) return 'anything';
  if ('enum' in schema) return schema.enum.map((choice) => JSON.stringify(choice)).join(' or ');
  switch (schema.type) {
    case 'string':
      return `${schema.description} (${schema.minLength} to ${schema.maxLength} characters)`;
    case 'number':
      return `a number from ${schema.minimum} to ${schema.maximum}`;
    case 'object':
      return 'an object';
    default:
      return schema satisfies never;
  }
}

function accepts(value: unknown, schema: ChoiceSchema | TextSchema | NumberSchema | ObjectSchema) {
  if ('enum' in schema) return schema.enum.some((choice) => choice === value);
  if (schema.type === 'number') {
    return typeof value === 'number' && value >= schema.minimum && value <= schema.maximum;
  }
  if (schema.type === 'object' || typeof value !== 'string') return false;
  const length = Array.from(value).length;
  return (
    length >= schema.minLength &&
    length <= schema.maxLength &&
    new RegExp(schema.pattern, 'u').test(value)
  );
}

function problemInside(
  value: Readonly<Record<string, unknown>>,
  schema: ObjectSchema,
  path: string,
): string | null {
  const { properties, required, minProperties = 0, maxProperties = Infinity } = schema;
  const names = Object.keys(properties);
  const given = Object.keys(value);
  // Own names only, on both sides: JSON may well hold `__proto__` or `constructor`.
  const unknown = given.find((name) => !Object.hasOwn(properties, name));
  if (unknown !== undefined) {
    return `${path}: unknown field ${quote(unknown)}, valid are ${names.join(', ') || 'none'}`;
  }
  const missing = required.find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) return `${path}: field "${missing}" is missing`;
  if (given.length < minProperties || given.length > maxProperties) {
    return `${path}: found ${given.join(' and ') || 'no field'}, expected one of ${names.join(', ')}`;
  }
  for (const [name, field] of Object.entries(properties)) {
    const problem = Object.hasOwn(value, name)
      ? problemOf(value[name], field, `${path}.${name}`)
      : null;
    if (problem !== null) return problem;
  }
  return null;
}

function isObjectSchema(schema: Exclude<Schema, true>): schema is ObjectSchema {
  return 'type' in schema && schema.type === 'object';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function found(value: unknown): string {
  return isObject(value) ? 'an object' : quote(value);
}
