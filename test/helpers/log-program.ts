import process from 'node:process';
import { createLog, type LogOptions } from '../../src/log/create-log.js';

/**
 * A program that writes `count` lines as fast as it can and then says on stdout how much of them
 * waits inside. Arguments: format, level, count.
 */
const [format, level, count] = process.argv.slice(2) as [
  LogOptions['format'],
  LogOptions['level'],
  string,
];
const log = createLog({ format, level }, { stderr: process.stderr, env: process.env });
for (let i = 0; i < Number(count); i += 1) {
  log.info(`line %s ${i}`, { i, message: 'a field' });
  // Lines go on when the loop is left for a moment, as in a daemon.
  if (i % 100 === 99) await new Promise((resolve) => setImmediate(resolve));
}
log.debug('a debug line');
log.setLevel('debug');
log.debug('wanted now');
log.error('two\nlines');
process.stdout.write(`${process.stderr.writableLength}\n`, () => process.exit(0));
