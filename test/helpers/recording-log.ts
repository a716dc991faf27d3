import type { Log } from '../../src/log.js';

/** A log that keeps its lines as `level message`, for assertions. */
export class RecordingLog implements Log {
  readonly lines: string[] = [];

  error(message: string): void {
    this.lines.push(`error ${message}`);
  }
  warn(message: string): void {
    this.lines.push(`warn ${message}`);
  }
  info(message: string): void {
    this.lines.push(`info ${message}`);
  }
  debug(message: string): void {
    this.lines.push(`debug ${message}`);
  }

  /** The lines that hold `text`. */
  having(text: string): string[] {
    return this.lines.filter((line) => line.includes(text));
  }
}
