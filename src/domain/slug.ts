/** Ids and topic levels: legal for MQTT, Home Assistant and file names alike. */
export const SLUG_PATTERN = /^[a-z0-9_-]{1,64}$/;

/**
 * A name as an id of `[a-z0-9_-]{1,64}`: lower case, accents dropped, everything else one `_`.
 * A name without any usable character becomes `x` and its code points in hexadecimal.
 */
export function slug(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 64);
  return (
    plain || `x${Array.from(name, (c) => c.codePointAt(0)?.toString(16)).join('')}`.slice(0, 64)
  );
}

/** Levels that stand where a label's slug does: of all labels together, and of the last picture. */
const RESERVED: ReadonlySet<string> = new Set(['any', 'latest']);

/**
 * The level of a label in topics. Two labels with the same one share their topics; what the
 * contract has taken for something else (`any`, `latest`) gets the end `_label`.
 */
export function labelSlug(label: string): string {
  const plain = slug(label);
  return RESERVED.has(plain) ? `${plain}_label` : plain;
}
