/** What values a key takes, in words and in code. */
export interface Format<T> {
  /** Completes "expected …": an even integer from 32 to 4096 (px). */
  readonly expected: string;
  /** Reads an argument or environment variable; text that cannot be read is given back as it is. */
  fromText(text: string): unknown;
  accepts(value: unknown): value is T;
  /**
   * What is wrong with a value, each problem in words that say where in it; empty where `expected`
   * says all there is to say.
   */
  problems?(value: unknown): readonly string[];
  /** The text with its secrets blotted out; present only where a value can hold one. */
  redact?(text: string): string;
}

/** One configuration key: the only place that knows its meaning, its values and its default. */
export class ConfigKey<T> {
  readonly doc: string;
  readonly format: Format<T>;
  readonly default: T;

  /** @param doc a sentence that says what the key does. */
  constructor(doc: string, format: Format<T>, defaultValue: NoInfer<T>) {
    this.doc = doc;
    this.format = format;
    this.default = defaultValue;
  }
}

/** Keys by name; a section holds keys only. */
export interface SchemaTree {
  readonly [name: string]: ConfigKey<unknown> | { readonly [name: string]: ConfigKey<unknown> };
}

/** The type of the values that a schema describes. */
export type ConfigOf<S> = {
  readonly [K in keyof S]: S[K] extends ConfigKey<infer T> ? T : ConfigOf<S[K]>;
};

/** Dotted paths of all keys of a schema. */
export type KeyPathOf<S> = {
  [K in keyof S & string]: S[K] extends ConfigKey<unknown> ? K : `${K}.${keyof S[K] & string}`;
}[keyof S & string];
