import { createHash } from 'node:crypto';
import type { ImageMetaPayload } from '../contract/image-meta-schema.js';
import { formOf } from '../contract/topic-table.js';
import { PAYLOAD_VERSION } from '../contract/version.js';
import { clipToFrame } from '../domain/bounding-box.js';
import type { EventPicture, Jpeg } from '../domain/event-picture.js';
import { labelSlug } from '../domain/slug.js';
import { fractionBox, timestamp } from './messages.js';
import type { MqttPublisher } from './mqtt-publisher.js';
import type { Message } from './session.js';
import type { Topics } from './topics.js';

const LATEST = 'image latest';

export interface PictureOptions {
  /** Whether the broker keeps the picture of each label. */
  readonly retain: boolean;
  /** For how long it does (MQTT 5). */
  readonly ttlS: number;
}

/** Where pictures are published; those that find no connection are lost. */
export class PictureOutlet {
  readonly #publisher: Pick<MqttPublisher, 'publishLoose' | 'takeBack'>;
  readonly #topics: Topics;
  readonly #options: PictureOptions;
  /** Slugs of labels that have a picture at the broker. */
  readonly #kept = new Set<string>();

  constructor(
    publisher: Pick<MqttPublisher, 'publishLoose' | 'takeBack'>,
    topics: Topics,
    options: PictureOptions,
  ) {
    this.#publisher = publisher;
    this.#topics = topics;
    this.#options = options;
  }

  /** Where the pictures of a label are. */
  topicOf(label: string): string {
    return this.#topics.image(labelSlug(label));
  }

  publishLatest({ bytes }: Jpeg): void {
    const form = formOf('imageLatest', 0);
    const message = { topic: this.#topics.imageLatest, payload: bytes, retain: false, ...form };
    this.#publisher.publishLoose(LATEST, [message]);
  }

  /** Publishes what the picture shows, then the picture. */
  publish(picture: EventPicture): void {
    const name = labelSlug(picture.event.track.label);
    const { retain, ttlS } = this.#options;
    // With MQTT 5 a program can tell what belongs together without reading either.
    const userProperties = { event_id: picture.eventId, image_seq: String(picture.seq) };
    const common = { retain, userProperties };
    const meta: Message = {
      ...{ topic: this.#topics.imageMeta(name), payload: JSON.stringify(metaPayload(picture)) },
      ...{ ...common, ...formOf('imageMeta', ttlS) },
    };
    const image: Message = {
      ...{ topic: this.#topics.image(name), payload: picture.jpeg.bytes },
      ...{ ...common, ...formOf('image', ttlS) },
    };
    if (retain) this.#kept.add(name);
    this.#publisher.publishLoose(`image ${name}`, [meta, image]);
  }

  /** Takes back the pictures that the broker keeps, but for those of the given labels. */
  keepOnly(labels: readonly string[]): void {
    const wanted = new Set(labels.map(labelSlug));
    for (const name of this.#kept) {
      if (wanted.has(name)) continue;
      this.#kept.delete(name);
      const topics = [this.#topics.image(name), this.#topics.imageMeta(name)];
      this.#publisher.takeBack(topics, `image ${name}`);
    }
  }
}

function metaPayload({ jpeg, seq, event, eventId }: EventPicture): ImageMetaPayload {
  const { track, frame } = event;
  return {
    v: PAYLOAD_VERSION,
    seq,
    event_id: eventId,
    track_id: String(track.id),
    label: track.label,
    capture: timestamp(frame.capturedAtMs),
    box: fractionBox(clipToFrame(track.box)),
    drawn: true,
    sha256: createHash('sha256').update(jpeg.bytes).digest('hex'),
    bytes: jpeg.bytes.length,
    w: jpeg.widthPx,
    h: jpeg.heightPx,
  };
}
