import type { LogFields } from '../log.js';

/** Importance of a line, the most important first. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** One call of a log's method. */
export interface LogEntry {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields | undefined;
  /** Unix ms. */
  readonly timeMs: number;
}

/** What an entry looks like, without the line end. Never throws. */
export type LineFormat = (entry: LogEntry) => string;

const MAX_LENGTH = 16_384;
const ANSI_COLOUR: Record<LogLevel, number> = { error: 31, warn: 33, info: 32, debug: 90 };
/** See sd-daemon(3). */
const PRIORITY: Record<LogLevel, number> = { error: 3, warn: 4, info: 6, debug: 7 };

/** Message and fields as `key=value`, for whatever shows no more than one text. */
export function plainLine(entry: LogEntry): string {
  return sentence(entry);
}

/** For a terminal: local time, level, message, fields as `key=value`. */
export function textFormat(options: { readonly colour: boolean }): LineFormat {
  return (entry) => {
    const level = entry.level.padEnd(5);
    const shown = options.colour ? `\x1b[${ANSI_COLOUR[entry.level]}m${level}\x1b[0m` : level;
    return `${localTime(entry.timeMs)} ${shown} ${sentence(entry).replaceAll('\n', '\n  ')}`;
  };
}

/** For journald: `<priority>` before every line, because it takes each for an entry of its own. */
export const journalFormat: LineFormat = (entry) =>
  sentence(entry)
    .split('\n')
    .map((line) => `<${PRIORITY[entry.level]}>${line}`)
    .join('\n');

/** For programs: one JSON object a line. */
export const jsonFormat: LineFormat = ({ level, message, fields, timeMs }) => {
  const head = { time: new Date(timeMs).toISOString(), level, message: cut(message) };
  return json(fields ? { ...head, fields } : head) ?? JSON.stringify(head);
};

function sentence({ message, fields }: LogEntry): string {
  const pairs = Object.entries(fields ?? {}).filter(([, value]) => value !== undefined);
  const text = [message, ...pairs.map(([name, value]) => `${name}=${fieldText(value)}`)].join(' ');
  return cut(text).replace(
    // Anything but a line end that would steer the terminal.
    /[^\P{Cc}\n]/gu,
    (control) => `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

function fieldText(value: unknown): string {
  if (typeof value === 'string' && /^[\w.:/@+-]+$/.test(value)) return value;
  return json(value) ?? '?';
}

/** JSON for whatever somebody hands to a log; undefined for what cannot be written. */
function json(value: unknown): string | undefined {
  try {
    const text = JSON.stringify(value, (_, part: unknown) => {
      if (part instanceof Error) return part.message;
      return typeof part === 'bigint' ? String(part) : part;
    });
    return text.length > MAX_LENGTH ? undefined : text;
  } catch {
    return undefined;
  }
}

function cut(text: string): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}

function localTime(timeMs: number): string {
  const time = new Date(timeMs);
  const [hours, minutes, seconds] = [time.getHours(), time.getMinutes(), time.getSeconds()].map(
    (part) => String(part).padStart(2, '0'),
  );
  return `${hours}:${minutes}:${seconds}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}
