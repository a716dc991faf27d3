/** Where a value comes from. */
export type Origin =
  | { readonly kind: 'default' }
  /** `line` counts from 1. */
  | { readonly kind: 'file'; readonly file: string; readonly line: number }
  | { readonly kind: 'environment'; readonly name: string }
  | { readonly kind: 'argument'; readonly name: string };

/** A value that somebody gave for a key; not yet known to be valid. */
export interface Setting {
  /** Dotted path of a key of the schema. */
  readonly path: string;
  readonly value: unknown;
  readonly origin: Origin;
}

/** The origin in words: a file and line, a variable's name, an argument. */
export function originText(origin: Origin): string {
  switch (origin.kind) {
    case 'default':
      return 'default';
    case 'file':
      return `${origin.file}:${origin.line}`;
    case 'environment':
      return origin.name;
    case 'argument':
      return `--${origin.name}`;
    default:
      return origin satisfies never;
  }
}
