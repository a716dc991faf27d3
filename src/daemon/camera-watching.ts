import { CameraWatch } from '../health/camera-watch.js';
import type { Publisher } from '../publishing/publisher.js';

/** How often it is looked whether frames have ceased to come. */
const LOOK_EVERY_MS = 1_000;

/** Begins to tell how the camera fares, until disposal. */
export function startCameraWatch(
  tell: Publisher['setState'],
): Disposable & { readonly watch: CameraWatch } {
  const watch = new CameraWatch((condition) => tell({ kind: 'condition', condition }));
  const timer = setInterval(() => watch.look(), LOOK_EVERY_MS).unref();
  return { watch, [Symbol.dispose]: () => clearInterval(timer) };
}
