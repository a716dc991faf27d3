import { isIP } from 'node:net';
import { SLUG_PATTERN } from '../domain/slug.js';
import type { Format } from './config-key.js';
import { redactUrl } from './redact.js';

const MAX_TEXT_LENGTH = 1024;
const MAX_LIST_ITEMS = 256;
const HOST_NAME = /^[\w-]+(\.[\w-]+)*\.?$/;
const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** Bounds of a number, both included unless `above` says that the lower one is not. */
export interface Range {
  readonly min: number;
  readonly max: number;
  readonly above?: true;
  /** Unit or remark, for people. */
  readonly note?: string;
}

const asIs = (text: string): unknown => text;

function numberFromText(text: string): unknown {
  return DECIMAL.test(text.trim()) ? Number(text) : text;
}

function inWords({ min, max, above, note }: Range): string {
  const range = above ? `above ${min}, up to ${max}` : `from ${min} to ${max}`;
  return note ? `${range} (${note})` : range;
}

function isWithin(value: unknown, { min, max, above }: Range): value is number {
  return typeof value === 'number' && value <= max && (above ? value > min : value >= min);
}

/** Any finite number of a range. */
export function number(range: Range): Format<number> {
  return {
    expected: `a number ${inWords(range)}`,
    fromText: numberFromText,
    accepts: (value): value is number => isWithin(value, range),
  };
}

/** Whole numbers of a range that are multiples of `step`, 1 or 2. */
export function integer(range: Range, step: 1 | 2 = 1): Format<number> {
  return {
    expected: `an ${step === 2 ? 'even ' : ''}integer ${inWords(range)}`,
    fromText: numberFromText,
    accepts: (value): value is number =>
      isWithin(value, range) && Number.isInteger(value) && value % step === 0,
  };
}

/** True or false. */
export function flag(): Format<boolean> {
  return {
    expected: 'true or false',
    fromText: (text) => (text === 'true' ? true : text === 'false' ? false : text),
    accepts: (value): value is boolean => typeof value === 'boolean',
  };
}

/** One of the given words, numbers included. */
export function choice<const W extends readonly (string | number)[]>(
  ...words: W
): Format<W[number]> {
  const last = words.at(-1);
  return {
    expected: words.length > 1 ? `${words.slice(0, -1).join(', ')} or ${last}` : String(last),
    fromText: (given) => words.find((word) => String(word) === given) ?? given,
    accepts: (value): value is W[number] => words.some((word) => word === value),
  };
}

/** Text in one line, for `what`: a path, a name. Never empty. */
export function text(what: string): Format<string> {
  return { expected: what, fromText: asIs, accepts: isLine };
}

function isLine(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.trim() !== '' &&
    value.length <= MAX_TEXT_LENGTH &&
    !/\p{Cc}/u.test(value)
  );
}

/** An id as domain/slug makes them. */
export function slugText(): Format<string> {
  return {
    expected: '1 to 64 of the characters a-z, 0-9, _ and -',
    fromText: asIs,
    accepts: (value): value is string => typeof value === 'string' && SLUG_PATTERN.test(value),
  };
}

/** Ids with `/` between them, as in an MQTT topic. */
export function slugPath(): Format<string> {
  return {
    expected: 'topic levels of a-z, 0-9, _ and -, with / between them',
    fromText: asIs,
    accepts: (value): value is string =>
      isLine(value) && value.split('/').every((level) => SLUG_PATTERN.test(level)),
  };
}

/** A topic without wildcards, or the beginning of one. */
export function topicText(): Format<string> {
  return {
    expected: 'a topic without + and #',
    fromText: asIs,
    accepts: (value): value is string =>
      isLine(value) && !/[+#\s]/.test(value) && value.split('/').every((level) => level !== ''),
  };
}

/** A host name or IP address, without a port. */
export function hostText(): Format<string> {
  return {
    expected: 'a host name or IP address',
    fromText: asIs,
    accepts: (value): value is string =>
      isLine(value) && (isIP(value) !== 0 || HOST_NAME.test(value)),
  };
}

/** A list of texts; as an argument or environment variable with commas between them. */
export function list(what: string): Format<readonly string[]> {
  return {
    expected: `a list of at most ${MAX_LIST_ITEMS} ${what}`,
    fromText: (given) => (given.trim() === '' ? [] : given.split(',').map((item) => item.trim())),
    accepts: (value): value is readonly string[] =>
      Array.isArray(value) && value.length <= MAX_LIST_ITEMS && value.every(isLine),
  };
}

/** A URL with a host and one of the given schemes. May hold a password. */
export function url(...schemes: readonly string[]): Format<string> {
  return {
    expected: `a URL such as ${schemes[0]}://host:1883 (${schemes.join(', ')})`,
    fromText: asIs,
    redact: redactUrl,
    accepts: (value): value is string => {
      // The URL parser quietly drops white space, which then is a surprise for whoever connects.
      if (!isLine(value) || /\s/.test(value) || !URL.canParse(value)) return false;
      const { protocol, hostname } = new URL(value);
      return schemes.includes(protocol.slice(0, -1)) && hostname !== '';
    },
  };
}

/** Whatever one of the two formats takes. */
export function either<A, B>(first: Format<A>, second: Format<B>): Format<A | B> {
  return {
    expected: `${first.expected}, or ${second.expected}`,
    fromText: (given) => {
      const value = first.fromText(given);
      return first.accepts(value) ? value : second.fromText(given);
    },
    accepts: (value): value is A | B => first.accepts(value) || second.accepts(value),
  };
}

/** What `format` takes, or null, which as text is `null` or nothing. */
export function orNull<T>(format: Format<T>): Format<T | null> {
  return {
    ...format,
    expected: `${format.expected}, or null`,
    fromText: (given) => (given === '' || given === 'null' ? null : format.fromText(given)),
    accepts: (value): value is T | null => value === null || format.accepts(value),
  };
}
