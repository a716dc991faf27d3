import type { Frame } from '../domain/frame.js';
import { labelSlug } from '../domain/slug.js';
import type { Track } from '../domain/track.js';
import type { TrackEvent } from '../domain/track-event.js';
import type { Zone } from '../domain/zone.js';
import { messageOf } from '../errors.js';
import type { Log } from '../log.js';
import type { Publisher, StateUpdate } from '../publishing/publisher.js';

/** Five a second are enough for people. */
const VIEW_INTERVAL_MS = 200;
const KEPT_EVENTS = 20;
/** A viewer may ask for the picture before the newest one, if it is a little late. */
const KEPT_PICTURES = 3;
/** Over how long the frame rate is counted. */
const RATE_WINDOW_MS = 2_000;

/** What a viewer sees at a moment. Boxes are fractions of the picture. */
export interface View {
  /** Names the picture that belongs to it; null where pictures are not shown. */
  readonly picture: number | null;
  readonly tracks: readonly {
    readonly id: number;
    readonly label: string;
    readonly score: number;
    readonly lost: boolean;
    readonly box: readonly [xMin: number, yMin: number, xMax: number, yMax: number];
  }[];
  /** Outlines. */
  readonly zones: readonly {
    readonly id: string;
    readonly points: readonly (readonly [x: number, y: number])[];
  }[];
  readonly counts: Readonly<Record<string, number>>;
  readonly fps: number;
  readonly latencyMs: number;
  readonly model: string | null;
  readonly camera: 'online' | 'offline';
}

/** A line of the list of events. */
export interface ViewEvent {
  readonly phase: TrackEvent['phase'];
  readonly label: string;
  readonly id: number;
  readonly atMs: number;
  readonly durationMs: number;
}

/** Who looks. */
export interface Viewer {
  view(view: View): void;
  event(event: ViewEvent): void;
}

export interface LiveViewOptions {
  /** The frame that was detected last, for the caller to keep; null: no pictures are shown. */
  readonly frame: (() => Frame | null) | null;
  /** Drawn over the picture. */
  readonly zones: readonly Zone[];
  readonly encode: (frame: Frame) => Promise<Uint8Array>;
  readonly log: Log;
}

/**
 * What goes on, for people who look at it now: a few times a second, and without a viewer nothing
 * is drawn or encoded.
 */
export class LiveView implements Pick<Publisher, 'setState'> {
  readonly #options: LiveViewOptions;
  readonly #viewers = new Set<Viewer>();
  readonly #events: ViewEvent[] = [];
  readonly #arrivals: number[] = [];
  /** By number, the oldest first. */
  readonly #pictures = new Map<number, Uint8Array>();
  #model: string | null = null;
  #camera: View['camera'] = 'offline';
  #lastViewAtMs = Number.NEGATIVE_INFINITY;
  #isEncoding = false;
  #saidFailure = false;

  constructor(options: LiveViewOptions) {
    this.#options = options;
  }

  /** The picture of a view, as long as it is one of the last. */
  picture(number: number): Uint8Array | null {
    return this.#pictures.get(number) ?? null;
  }

  /** Begins to show to a viewer, who gets the last events first. @returns ends it. */
  join(viewer: Viewer): () => void {
    this.#viewers.add(viewer);
    for (const event of this.#events) viewer.event(event);
    return () => {
      this.#viewers.delete(viewer);
      if (this.#viewers.size === 0) this.#pictures.clear();
    };
  }

  setState(update: StateUpdate): void {
    if (update.kind === 'tracks') this.#show(update.tracks, update.capturedAtMs);
    else if (update.kind === 'camera') this.#camera = update.online ? 'online' : 'offline';
    else if (update.kind === 'model') this.#model = update.state.active?.id ?? null;
  }

  publishEvent({ phase, track, durationMs, frame }: TrackEvent): void {
    const { label, id } = track;
    const event = { phase, label, id, atMs: frame.capturedAtMs, durationMs };
    if (phase === 'update') return;
    this.#events.push(event);
    if (this.#events.length > KEPT_EVENTS) this.#events.shift();
    for (const viewer of this.#viewers) viewer.event(event);
  }

  #show(tracks: readonly Track[], capturedAtMs: number): void {
    const nowMs = performance.now();
    this.#arrivals.push(nowMs);
    while (nowMs - (this.#arrivals[0] ?? nowMs) > RATE_WINDOW_MS) this.#arrivals.shift();
    if (this.#viewers.size === 0 || this.#isEncoding) return;
    if (nowMs - this.#lastViewAtMs < VIEW_INTERVAL_MS) return;
    this.#lastViewAtMs = nowMs;
    const view = this.#viewOf(tracks, Date.now() - capturedAtMs);
    const frame = this.#options.frame?.() ?? null;
    if (frame === null) this.#tell(view);
    else void this.#tellWith(frame, view);
  }

  async #tellWith(frame: Frame, view: View): Promise<void> {
    this.#isEncoding = true;
    try {
      const jpeg = await this.#options.encode(frame);
      this.#keep(frame.sequence, jpeg);
      this.#tell({ ...view, picture: frame.sequence });
    } catch (error) {
      if (!this.#saidFailure) this.#options.log.error(`Cannot show pictures: ${messageOf(error)}`);
      this.#saidFailure = true;
      this.#tell(view);
    } finally {
      this.#isEncoding = false;
    }
  }

  #keep(number: number, jpeg: Uint8Array): void {
    this.#pictures.set(number, jpeg);
    const [oldest] = this.#pictures.keys();
    if (this.#pictures.size > KEPT_PICTURES && oldest !== undefined) this.#pictures.delete(oldest);
  }

  #tell(view: View): void {
    for (const viewer of this.#viewers) viewer.view(view);
  }

  #viewOf(tracks: readonly Track[], latencyMs: number): View {
    const shown = tracks.filter(({ state }) => state !== 'tentative');
    const counts: Record<string, number> = {};
    for (const { label } of shown) counts[labelSlug(label)] = (counts[labelSlug(label)] ?? 0) + 1;
    return {
      picture: null,
      tracks: shown.map(({ id, label, score, state, box }) => ({
        id,
        label,
        score: Math.round(score * 100) / 100,
        lost: state === 'lost',
        box: [box.xMin, box.yMin, box.xMax, box.yMax],
      })),
      zones: this.#options.zones.map(({ id, points }) => ({
        id,
        points: points.map(({ x, y }) => [x, y] as const),
      })),
      counts,
      fps: Math.round((this.#arrivals.length * 10_000) / RATE_WINDOW_MS) / 10,
      latencyMs: Math.round(latencyMs),
      model: this.#model,
      camera: this.#camera,
    };
  }
}
