import type { EventPicture, Jpeg } from '../domain/event-picture.js';
import type { Frame } from '../domain/frame.js';
import type { ImageRef, TrackEvent } from '../domain/track-event.js';
import { messageOf } from '../errors.js';
import type { Publisher } from '../publishing/publisher.js';

/** Between two pictures at least: each costs the processor as much as some inferences. */
const INTERVAL_MS = 1_000;

export interface EventPicturesParts {
  /** Gives the frame that was detected last; null where no picture may leave the detector. */
  readonly lastFrame: (() => Frame | null) | null;
  /** Makes the picture of an event's frame. */
  readonly draw: (frame: Frame, event: TrackEvent) => Promise<Jpeg>;
  readonly outlet: {
    topicOf(label: string): string;
    publish(picture: EventPicture): void;
    keepOnly(labels: readonly string[]): void;
  };
  /** Takes why a picture could not be made. */
  readonly onFailure: (message: string) => void;
  readonly nowMs: () => number;
}

/**
 * Takes a picture when an event starts and when its best score has risen, at most one a second, and
 * names it in the events of that object from then on. An event never waits for its picture.
 */
export class EventPictures {
  readonly #parts: EventPicturesParts;
  /** The last picture of each object that is still there, by the id of its track. */
  readonly #best = new Map<number, ImageRef>();
  #isOn = false;
  #seq = 0;
  #takenAtMs = Number.NEGATIVE_INFINITY;
  #isTaking = false;

  constructor(parts: EventPicturesParts) {
    this.#parts = parts;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  /** @throws Error when pictures are to be taken and none may leave the detector. */
  switch(isOn: boolean): void {
    if (isOn && this.#parts.lastFrame === null) {
      throw new Error('Cannot publish pictures: the configuration says images: none');
    }
    this.#isOn = isOn;
    if (isOn) return;
    this.#best.clear();
    this.#parts.outlet.keepOnly([]);
  }

  /** Tells an event, with its picture, by a publisher. */
  publish(event: TrackEvent, publisher: Publisher): string | null {
    const frame = this.#frameFor(event);
    if (frame !== null) {
      this.#seq += 1;
      const topic = this.#parts.outlet.topicOf(event.track.label);
      this.#best.set(event.track.id, { topic, seq: this.#seq });
    }
    const image = this.#best.get(event.track.id);
    if (event.phase === 'end') this.#best.delete(event.track.id);
    const eventId = publisher.publishEvent(image === undefined ? event : { ...event, image });
    if (frame !== null && eventId !== null) void this.#take(frame, event, eventId);
    return eventId;
  }

  #frameFor(event: TrackEvent): Frame | null {
    const { lastFrame, nowMs } = this.#parts;
    const isWanted = event.phase === 'start' || event.changed.includes('score');
    const isEarly = this.#isTaking || nowMs() - this.#takenAtMs < INTERVAL_MS;
    if (!this.#isOn || !isWanted || isEarly) return null;
    const frame = lastFrame?.() ?? null;
    // The box would be drawn in the wrong place on another one.
    return frame?.sequence === event.frame.sequence ? frame : null;
  }

  async #take(frame: Frame, event: TrackEvent, eventId: string): Promise<void> {
    const { draw, outlet, onFailure, nowMs } = this.#parts;
    const seq = this.#seq;
    this.#takenAtMs = nowMs();
    this.#isTaking = true;
    try {
      const jpeg = await draw(frame, event);
      if (this.#isOn) outlet.publish({ jpeg, seq, event, eventId });
    } catch (error) {
      onFailure(messageOf(error));
    } finally {
      this.#isTaking = false;
    }
  }
}

/** A publisher whose events come with pictures. */
export function withPictures(publisher: Publisher, pictures: EventPictures): Publisher {
  return {
    setState: (update) => publisher.setState(update),
    publishEvent: (event) => pictures.publish(event, publisher),
    [Symbol.asyncDispose]: () => publisher[Symbol.asyncDispose](),
  };
}
