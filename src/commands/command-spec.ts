import type { ObjectSchema, Schema, TextSchema, ValueOf } from './json-schema.js';

interface CommonSpec {
  /** One sentence that says what it does. */
  readonly doc: string;
  /** A handler that takes longer is given up. Above QUICK_S the command is a slow one. */
  readonly limitS: number;
}

/** `request/{verb}`: something is done, and answered. */
export interface RequestSpec extends CommonSpec {
  readonly kind: 'request';
  readonly args: ObjectSchema;
  /** False where nothing is different afterwards. */
  readonly changes: boolean;
}

/** `set/{name}` or `cam/{camera}/set/{name}`: a value is given to a knob. */
export interface SettingSpec extends CommonSpec {
  readonly kind: 'setting';
  /** Whether each camera has its own. */
  readonly scope: 'node' | 'camera';
  /** What the topic's last level names, where there is one knob for each of them. */
  readonly part: 'label' | 'zone' | null;
  readonly value: Schema;
  readonly changes: true;
}

export type CommandSpec = RequestSpec | SettingSpec;

/** What a handler is given: the arguments of a request, or the value of a setting and its place. */
export type ArgsOf<S> = S extends { readonly kind: 'request'; readonly args: infer A }
  ? ValueOf<A>
  : S extends { readonly scope: infer Scope; readonly part: infer Part; readonly value: infer V }
    ? { readonly value: ValueOf<V> } & (Scope extends 'camera'
        ? { readonly camera: string }
        : unknown) &
        (Part extends string ? { readonly [P in Part]: string } : unknown)
    : never;

/** The longest that a quick command may take. */
export const QUICK_S = 10;

/** Slow commands are answered twice: `accepted` at once, and when they have ended. */
export function isSlow({ limitS }: CommandSpec): boolean {
  return limitS > QUICK_S;
}

/** An id in a topic. */
export const ID = {
  type: 'string',
  minLength: 1,
  maxLength: 64,
  pattern: '^[a-z0-9_-]+$',
  description: 'an id of a-z, 0-9, _ and -',
} as const satisfies TextSchema;

export const NAME = {
  type: 'string',
  minLength: 1,
  maxLength: 255,
  pattern: '^[^\\p{Cc}\\p{Cs}]+$',
  description: 'a name without control characters',
} as const satisfies TextSchema;

export const PATH = {
  ...NAME,
  maxLength: 1024,
  description: 'a path without control characters',
} as const satisfies TextSchema;

export const SWITCH = { enum: ['ON', 'OFF'] } as const;

/** Importance of log lines, the least of them coming last. */
export const LOG_LEVEL = { enum: ['error', 'warn', 'info', 'debug'] } as const;

/** Pictures a second. */
export const FPS = { type: 'number', minimum: 0.1, maximum: 120 } as const;

export const FRACTION = { type: 'number', minimum: 0, maximum: 1 } as const;
