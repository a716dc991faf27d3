import { BroadcastChannel, isMainThread } from 'node:worker_threads';

/*
 * To be imported into every thread of a program (NODE_OPTIONS=--import): on SIGUSR2 an error is
 * thrown that nobody catches, in the thread that LOOKOUT_TEST_CRASH names: `main` or `worker`.
 */
const isHere = (process.env.LOOKOUT_TEST_CRASH === 'main') === isMainThread;
const channel = new BroadcastChannel('crash');
channel.unref();

function crash(): void {
  throw new Error('a crash for the test');
}

if (isMainThread) process.on('SIGUSR2', isHere ? crash : () => channel.postMessage('now'));
else if (isHere) channel.onmessage = crash;
