const MAX_LENGTH = 80;
/** Characters that would steer a terminal, or hide or reverse the text around them. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A given value for an error text: in one line, short, and harmless to a terminal. */
export function quote(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a section';
  if (typeof value !== 'string') return String(value);
  const short = value.length > MAX_LENGTH ? `${value.slice(0, MAX_LENGTH)}…` : value;
  return JSON.stringify(short).replace(
    UNSEEN,
    (unseen) => `\\u${unseen.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A key's path for an error text: as it is where that is readable, else quoted. */
export function quotePath(path: string): string {
  return /^[\w.-]{1,80}$/.test(path) ? path : quote(path);
}
