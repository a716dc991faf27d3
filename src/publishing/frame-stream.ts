import { formOf } from '../contract/topic-table.js';
import type { FrameDetections } from '../domain/detection.js';
import type { Track } from '../domain/track.js';
import { type FrameEnvelope, frameMessagePayload, isSeen } from './frame-messages.js';
import type { MqttPublisher } from './mqtt-publisher.js';
import { rosDetections } from './ros-messages.js';
import type { Topics } from './topics.js';

export interface FrameStreamOptions
  extends Pick<FrameEnvelope, 'bootId' | 'node' | 'camera' | 'frameId'> {
  readonly topics: Topics;
  /** Whether the clock is right; null: unknown. */
  readonly isClockSynced: () => boolean | null;
  /** Whether the topic `frame` is wanted. */
  readonly frames: boolean;
  /** Whether `ros/detections` is. */
  readonly ros: boolean;
  /** Whether something may be told of the frame of this time; asked only where there is something. */
  readonly takes: (monotonicMs: number) => boolean;
}

/** One form in which frames are told of. */
interface FrameView {
  readonly key: 'frame' | 'rosDetections';
  readonly shows: (track: Track) => boolean;
  readonly payloadOf: (result: FrameDetections, tracks: readonly Track[]) => object;
  /** Whether the last message was an empty list: another one would say nothing. */
  saidEmpty: boolean;
}

/**
 * Publishes what is seen in each frame: a list of the objects, and one empty list when there are
 * none any more. What finds no connection, or a newer one on its heels, is lost.
 */
export class FrameStream {
  readonly #publisher: Pick<MqttPublisher, 'publishLoose'>;
  readonly #options: FrameStreamOptions;
  readonly #views: readonly FrameView[];
  #seq = 0;

  constructor(publisher: Pick<MqttPublisher, 'publishLoose'>, options: FrameStreamOptions) {
    this.#publisher = publisher;
    this.#options = options;
    // The first frame is told even without objects: before it nobody knows.
    const frames: FrameView = {
      key: 'frame',
      shows: ({ state }) => state !== 'tentative',
      payloadOf: (result, tracks) => frameMessagePayload(result, tracks, this.#envelope()),
      saidEmpty: false,
    };
    const ros: FrameView = {
      key: 'rosDetections',
      shows: (track) => track.state !== 'tentative' && isSeen(track),
      payloadOf: ({ frame }, tracks) => rosDetections(frame, tracks, options.frameId),
      saidEmpty: false,
    };
    this.#views = [...(options.frames ? [frames] : []), ...(options.ros ? [ros] : [])];
  }

  /** Takes a frame's result and all living tracks after it. */
  tell(result: FrameDetections, tracks: readonly Track[]): void {
    const news = this.#views
      .map((view) => ({ view, shown: tracks.filter(view.shows) }))
      .filter(({ view, shown }) => shown.length > 0 || !view.saidEmpty);
    if (news.length === 0 || !this.#options.takes(result.frame.monotonicMs)) return;
    for (const { view, shown } of news) {
      view.saidEmpty = shown.length === 0;
      const topic = this.#options.topics[view.key];
      const payload = JSON.stringify(view.payloadOf(result, shown));
      const message = { topic, payload, retain: false, isFrequent: true, ...formOf(view.key) };
      this.#publisher.publishLoose(view.key, [message]);
    }
  }

  #envelope(): FrameEnvelope {
    this.#seq += 1;
    const { bootId, node, camera, frameId, isClockSynced } = this.#options;
    return {
      ...{ bootId, node, camera, frameId, seq: this.#seq },
      publishedAtMs: Date.now(),
      isClockSynced: isClockSynced(),
    };
  }
}
