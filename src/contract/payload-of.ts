import type { Static, TSchema } from 'typebox';

/**
 * The TypeScript type of what a schema describes, for reading only. To be imported as a type: the
 * schemas themselves are loaded only where they are printed or checked, as their library costs
 * megabytes.
 */
export type PayloadOf<Schema extends TSchema> = Frozen<Static<Schema>>;

type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;
