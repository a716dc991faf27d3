import type { Config } from '../config/schema.js';
import type { Frame } from '../domain/frame.js';
import { LogDigest } from '../log/log-digest.js';
import type { Log } from '../log.js';
import { EventPictures } from './event-pictures.js';
import { drawFrame, type PublisherInUse, pictureOutlet } from './picture-wiring.js';

/** What `request/snapshot` is answered with. */
export interface Snapshot {
  readonly bytes: number;
  readonly w: number;
  readonly h: number;
  readonly capture: string;
}

/** Everything by which a picture leaves the detector. */
export interface Pictures extends Disposable {
  /** Gives the frame that was detected last; null where no picture may leave the detector. */
  readonly lastFrame: (() => Frame | null) | null;
  readonly ofEvents: EventPictures;
  /**
   * Publishes the frame that was detected last.
   * @throws Error when there is none, or none may leave the detector.
   */
  snapshot(): Promise<Snapshot>;
  /** Takes back pictures of labels that there are no longer. */
  setLabels(labels: readonly string[]): void;
}

/** Lets pictures out as the configuration says. */
export function openPictures(
  config: Pick<Config, 'node' | 'camera' | 'mqtt' | 'images'>,
  detector: { copyOfLastFrame(): Frame | null },
  mqtt: PublisherInUse,
  log: Log,
): Pictures {
  const lastFrame = config.images === 'none' ? null : () => detector.copyOfLastFrame();
  const failures = new LogDigest(log, 'Cannot publish a picture');
  const outlet = pictureOutlet(config, mqtt);
  const ofEvents = new EventPictures({
    lastFrame,
    outlet,
    draw: (frame, { track }) => drawFrame(frame, [track]),
    onFailure: (message) => failures.add(message),
    nowMs: () => performance.now(),
  });
  if (config.mqtt.publish_images && lastFrame !== null) ofEvents.switch(true);
  return {
    lastFrame,
    ofEvents,
    snapshot: async () => {
      if (lastFrame === null) throw new Error('the configuration says images: none');
      const frame = lastFrame();
      if (frame === null) throw new Error('no frame has been detected yet');
      const jpeg = await drawFrame(frame, []);
      outlet.publishLatest(jpeg);
      const { bytes, widthPx: w, heightPx: h } = jpeg;
      return { bytes: bytes.length, w, h, capture: new Date(frame.capturedAtMs).toISOString() };
    },
    setLabels: (labels) => outlet.keepOnly(labels),
    [Symbol.dispose]: () => failures[Symbol.dispose](),
  };
}
