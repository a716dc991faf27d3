import type { LogFields } from '../log.js';
import type { AdjustableLog } from './create-log.js';
import type { LogFeed } from './log-feed.js';
import type { LogLevel } from './log-line.js';

/** A log whose warnings and errors go to a feed too, whichever are written. */
export class FedLog implements AdjustableLog {
  readonly #log: AdjustableLog;
  readonly #feed: LogFeed;

  constructor(log: AdjustableLog, feed: LogFeed) {
    this.#log = log;
    this.#feed = feed;
  }

  error(message: string, fields?: LogFields): void {
    this.#log.error(message, fields);
    this.#feed.add({ level: 'error', message, fields, timeMs: Date.now() });
  }

  warn(message: string, fields?: LogFields): void {
    this.#log.warn(message, fields);
    this.#feed.add({ level: 'warn', message, fields, timeMs: Date.now() });
  }

  info(message: string, fields?: LogFields): void {
    this.#log.info(message, fields);
  }

  debug(message: string, fields?: LogFields): void {
    this.#log.debug(message, fields);
  }

  setLevel(level: LogLevel): void {
    this.#log.setLevel(level);
  }
}
