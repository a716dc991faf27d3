import type { Config } from '../config/schema.js';
import { Preprocessor } from '../detection/preprocess.js';
import type { Detection } from '../domain/detection.js';
import type { Jpeg } from '../domain/event-picture.js';
import type { Frame } from '../domain/frame.js';
import type { Picture } from '../domain/picture.js';
import type { MqttPublisher } from '../publishing/mqtt-publisher.js';
import { PictureOutlet } from '../publishing/picture-outlet.js';
import { topicsOf } from '../publishing/topics.js';

/** The publisher as a whole. */
export type PublisherInUse = MqttPublisher;

/** Of pictures that are published. */
const MAX_PUBLISHED_SIDE_PX = 1280;

/** A model's input into which pixels go unchanged. */
const BYTES_AS_THEY_ARE = {
  scale: 1 / 255,
  zeroPoint: 0,
  normalisation: { mean: 0, std: 255 },
};

/** A frame as a JPEG. */
export async function encodeFrame(frame: Frame): Promise<Uint8Array> {
  const { encodeJpeg } = await import('../images/encode-jpeg.js');
  return await encodeJpeg(rgbOf(frame));
}

/** A frame, no larger than screens show it, with detections drawn over it. */
export async function drawFrame(frame: Frame, detections: readonly Detection[]): Promise<Jpeg> {
  const { boundedJpeg } = await import('../images/bounded-jpeg.js');
  return await boundedJpeg(rgbOf(frame, MAX_PUBLISHED_SIDE_PX), detections);
}

/** The frame's pixels as rgb24 without padding, scaled down where a side is longer. */
function rgbOf(frame: Frame, maxSidePx = Number.POSITIVE_INFINITY): Picture {
  const scale = Math.min(1, maxSidePx / Math.max(frame.widthPx, frame.heightPx));
  const widthPx = Math.round(frame.widthPx * scale);
  const heightPx = Math.round(frame.heightPx * scale);
  const input = { widthPx, heightPx, dtype: 'uint8', ...BYTES_AS_THEY_ARE } as const;
  const data = new Uint8Array(widthPx * heightPx * 3);
  new Preprocessor(frame, input, 'stretch').run(frame, data);
  return { widthPx, heightPx, data };
}

/** Where pictures are published. */
export function pictureOutlet(
  { mqtt, node, camera }: Pick<Config, 'node' | 'camera' | 'mqtt'>,
  publisher: PublisherInUse,
): PictureOutlet {
  const topics = topicsOf({ base: mqtt.base, node, camera: camera.id });
  return new PictureOutlet(publisher, topics, {
    retain: mqtt.image_retain,
    ttlS: mqtt.image_ttl_s,
  });
}
