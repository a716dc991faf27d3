import { writeSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

/*
 * To be imported into every thread of a program (NODE_OPTIONS=--import): says again and again on
 * stderr what is left of the thread's heap after a collection.
 */
const INTERVAL_MS = Number(process.env.LOOKOUT_TEST_HEAP_MS);

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

setInterval(() => {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  writeSync(2, `heap ${isMainThread ? 'main' : 'worker'} ${heapUsed} ${external}\n`);
}, INTERVAL_MS).unref();
