/** Named values that accompany a log line. Never secrets. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where log lines go. One sentence each, sentence case, no full stop. */
export interface Log {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
}
