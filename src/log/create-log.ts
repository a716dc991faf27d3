import type { Writable } from 'node:stream';
import { createLogger, format, transports } from 'winston';
import type { Log, LogFields } from '../log.js';
import { BoundedOutput } from './bounded-output.js';
import { leadsToJournal } from './journal-stream.js';
import {
  journalFormat,
  jsonFormat,
  type LineFormat,
  type LogLevel,
  textFormat,
} from './log-line.js';

const LEVELS = { error: 0, warn: 1, info: 2, debug: 3 };
const STDERR = 2;

/** A log whose level can be changed while it is used. */
export interface AdjustableLog extends Log {
  setLevel(level: LogLevel): void;
}

/** How lines look and which are written: the configuration's section `log`. */
export interface LogOptions {
  readonly level: LogLevel;
  readonly format: 'auto' | 'text' | 'json' | 'journal';
}

/** Where lines go, and what decides how they look there. */
export interface LogOutput {
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly env: Readonly<NodeJS.ProcessEnv>;
}

/** A log to stderr that never throws and holds back a limited amount when stderr is blocked. */
export function createLog(options: LogOptions, output: LogOutput): AdjustableLog {
  const { stderr } = output;
  const line = lineFormat(options.format, output);
  // A log that nobody reads any more is no reason to stop.
  stderr.on('error', () => {});
  const stream = new BoundedOutput(stderr, (dropped) =>
    line({
      level: 'warn',
      message: 'Log output was blocked, lines were dropped',
      fields: { dropped },
      timeMs: Date.now(),
    }),
  );
  return new WinstonLog(
    createLogger({
      levels: LEVELS,
      level: options.level,
      format: format.printf(({ level, message, fields }) =>
        line({
          level: level as LogLevel,
          message: String(message),
          fields: fields as LogFields | undefined,
          timeMs: Date.now(),
        }),
      ),
      transports: [new transports.Stream({ stream, eol: '\n' })],
    }),
  );
}

function lineFormat(name: LogOptions['format'], { stderr, env }: LogOutput): LineFormat {
  switch (name) {
    case 'auto':
      return lineFormat(leadsToJournal(env.JOURNAL_STREAM, STDERR) ? 'journal' : 'text', {
        stderr,
        env,
      });
    case 'text':
      return textFormat({ colour: stderr.isTTY === true && !env.NO_COLOR });
    case 'json':
      return jsonFormat;
    case 'journal':
      return journalFormat;
    default:
      return name satisfies never;
  }
}

class WinstonLog implements AdjustableLog {
  readonly #winston: ReturnType<typeof createLogger>;

  constructor(winston: ReturnType<typeof createLogger>) {
    this.#winston = winston;
  }

  error(message: string, fields?: LogFields): void {
    this.#log('error', message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#log('warn', message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#log('info', message, fields);
  }

  debug(message: string, fields?: LogFields): void {
    this.#log('debug', message, fields);
  }

  setLevel(level: LogLevel): void {
    this.#winston.level = level;
  }

  #log(level: LogLevel, message: string, fields: LogFields | undefined): void {
    // As one object: in the form with several arguments winston expands "%s" in the message and
    // mixes a field called "message" into it.
    if (this.#winston.isLevelEnabled(level)) this.#winston.log({ level, message, fields });
  }
}
