/**
 * A process that detects without pause, is told to stop after some milliseconds and then ends by
 * itself: started by tests of the worker's end. Arguments: model file, milliseconds, `load` to stop
 * during the loading of a second model.
 */
import { makeFrame } from './frames.js';
import { startDetector, useModel } from './loaded-detector.js';

const [file = '', afterMs = '0', during = 'detect'] = process.argv.slice(2);
const detector = startDetector();
await useModel(detector, file);

const stop = new AbortController();
const working = (async () => {
  while (!stop.signal.aborted) {
    if (during === 'load') await useModel(detector, file);
    else await detector.detect(makeFrame({ widthPx: 640, heightPx: 480 }), 0);
  }
})();
// Refused from the moment of the stop on, answered before: both are an orderly end.
const ended = working.then(
  () => 'answered',
  (reason: Error) => `refused: ${reason.message}`,
);
await new Promise((resolve) => setTimeout(resolve, Number(afterMs)));
const begin = performance.now();
stop.abort();
await detector[Symbol.asyncDispose]();
process.stdout.write(`${await ended} within ${Math.round(performance.now() - begin)} ms\n`);
