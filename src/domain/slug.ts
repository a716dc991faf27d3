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
