import { writeSync } from 'node:fs';

/*
 * To be imported into a program (NODE_OPTIONS=--import): says on stderr, as a line of the log, that
 * from now on the program itself handles SIGTERM.
 */
process.on('newListener', (event) => {
  // Node.js has the signal by now, and gives it out when this code has run.
  if (event === 'SIGTERM') writeSync(2, `${JSON.stringify({ message: 'Handles SIGTERM' })}\n`);
});
