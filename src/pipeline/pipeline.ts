import type { Detector } from '../detection/detector.js';
import type { FrameDetections } from '../domain/detection.js';
import type { Frame } from '../domain/frame.js';
import type { FramePool } from '../domain/frame-pool.js';
import { InferenceError } from '../errors.js';
import type { FrameGate } from '../motion/frame-gate.js';
import type { Publisher } from '../publishing/publisher.js';
import type { EventLog, Tracker } from '../tracking/tracker.js';
import { type DropReason, type FrameCounts, zeroCounts } from './frame-counts.js';
import { FrameQueue } from './frame-queue.js';
import { FrameRateLimit } from './frame-rate-limit.js';

/** So many failures in a row are not the frames' fault: a fresh process is the better answer. */
const MAX_FAILURES_IN_A_ROW = 20;

/** Who wants to know what happens to frames; every call must return at once. */
export interface PipelineObserver {
  frameArrived(): void;
  /** One came that is not to be detected. */
  framePassedOver(reason: 'paused' | 'over_rate' | 'gated'): void;
  /** Detection was paused, or goes on. */
  detectionPaused(isPaused: boolean): void;
  detectionStarted(): void;
  frameDetected(result: FrameDetections): void;
  detectionFailed(error: InferenceError): void;
}

export interface PipelineParts {
  readonly frames: (signal: AbortSignal) => AsyncIterable<Frame>;
  /** Whether a frame may be lost when the detector is late, or the source is to wait for it. */
  readonly pacing: 'live' | 'on-demand';
  readonly queue: { readonly capacity: number; readonly maxAgeMs: number };
  readonly pool: FramePool;
  /** Null: every frame is detected. */
  readonly gate: FrameGate | null;
  readonly detector: Detector;
  readonly tracker: Tracker;
  readonly events: EventLog;
  readonly publisher: Publisher;
  readonly observer: PipelineObserver;
}

/**
 * The path of a frame: capture → queue → detect → track → publish. Capture and detection run side
 * by side; everything behind the detector happens in order, one frame at a time.
 */
export class Pipeline {
  readonly counts: FrameCounts = zeroCounts();
  readonly #parts: PipelineParts;
  readonly #queue: FrameQueue;
  #failuresInARow = 0;
  #isPaused = false;
  readonly #rateLimit = new FrameRateLimit();
  readonly #inferenceLimit = new FrameRateLimit();

  constructor(parts: PipelineParts) {
    this.#parts = parts;
    this.#queue = new FrameQueue({
      capacity: parts.queue.capacity,
      // A source that waits for us is late by our doing: its frames do not age.
      maxAgeMs: parts.pacing === 'live' ? parts.queue.maxAgeMs : Number.POSITIVE_INFINITY,
      onDrop: (frame, reason) => this.#drop(frame, reason),
    });
  }

  /**
   * Runs until the source is through or `signal` is aborted; by then every frame is accounted for
   * and every open event has ended. To be called once. Rejects with what the source or the
   * detector throws.
   */
  async run(signal: AbortSignal): Promise<void> {
    const failure = new AbortController();
    const either = AbortSignal.any([signal, failure.signal]);
    const abandon = (): void => this.#queue.abandon();
    either.addEventListener('abort', abandon, { once: true });
    if (either.aborted) abandon();
    const detecting = this.#detectAll().catch((reason: unknown) => {
      failure.abort();
      throw reason;
    });
    const capturing = this.#capture(either);
    await Promise.allSettled([capturing, detecting]);
    for (const event of this.#parts.events.endAll()) this.#parts.publisher.publishEvent(event);
    // Both have settled; this passes on the first failure.
    await Promise.all([detecting, capturing]);
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Passes all frames over from now on; what was followed has ended. */
  pause(): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    const { tracker, events, publisher, gate, observer } = this.#parts;
    for (const event of events.endAll()) publisher.publishEvent(event);
    tracker.reset();
    publisher.setState({ kind: 'tracks', tracks: [], capturedAtMs: Date.now() });
    gate?.follow([]);
    observer.detectionPaused(true);
  }

  /** Detects again. */
  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#parts.observer.detectionPaused(false);
  }

  /** Takes no more frames a second from the source, not even for the gate; null: all. */
  limitRate(perSecond: number | null): void {
    this.#rateLimit.set(perSecond);
  }

  /** Detects no more frames a second of those that the gate admits; null: all. */
  limitInference(perSecond: number | null): void {
    this.#inferenceLimit.set(perSecond);
  }

  async #capture(signal: AbortSignal): Promise<void> {
    try {
      for await (const frame of this.#parts.frames(signal)) {
        this.counts.framesIn += 1;
        const refusal = this.#refusalOf(frame);
        if (refusal !== null) {
          this.#drop(frame, refusal);
          this.#parts.observer.framePassedOver(refusal);
          continue;
        }
        this.#parts.observer.frameArrived();
        this.#queue.push(frame);
        if (this.#parts.pacing === 'on-demand') await this.#queue.whenRoom();
      }
    } finally {
      this.#queue.close();
    }
  }

  /** Why the frame is passed over; null: it is not. */
  #refusalOf(frame: Frame): 'over_rate' | 'paused' | 'gated' | null {
    if (!this.#rateLimit.takes(frame.monotonicMs)) return 'over_rate';
    // Also while it is paused: motion is told then too.
    const isAdmitted = this.#parts.gate?.admits(frame) ?? true;
    if (this.#isPaused) return 'paused';
    if (!isAdmitted) return 'gated';
    return this.#inferenceLimit.takes(frame.monotonicMs) ? null : 'over_rate';
  }

  /**
   * A live frame is given away when the detector is free, so that it is the newest. A source that
   * waits for us is to keep the detector busy: its next frame lies ready there already.
   */
  async #detectAll(): Promise<void> {
    const isAhead = this.#parts.pacing === 'on-demand';
    let newest = Promise.resolve();
    try {
      for (;;) {
        const next = await this.#queue.take();
        if (!next) break;
        const before = newest;
        newest = this.#detect(next.frame, next.queuedMs);
        // Where it is awaited a frame later, its failure is nobody's until then.
        newest.catch(() => {});
        await (isAhead ? before : newest);
      }
      await newest;
    } finally {
      await Promise.allSettled([newest]);
    }
  }

  async #detect(frame: Frame, queuedMs: number): Promise<void> {
    const { detector, observer } = this.#parts;
    observer.detectionStarted();
    let result: FrameDetections;
    try {
      result = await detector.detect(frame, queuedMs);
    } catch (thrown) {
      this.counts.dropped.error += 1;
      if (!(thrown instanceof InferenceError)) throw thrown;
      this.#noteFailure(thrown);
      return;
    }
    this.counts.detected += 1;
    this.#failuresInARow = 0;
    // What was under way when detection was paused is no news any more.
    if (!this.#isPaused) this.#follow(result);
    observer.frameDetected(result);
  }

  #follow(result: FrameDetections): void {
    const { tracker, events, publisher, gate } = this.#parts;
    const tracks = tracker.update(result);
    gate?.follow(tracks);
    // Whoever acts on something acts on the event: it is not to wait for a handful of states.
    for (const event of events.update(tracks, result)) publisher.publishEvent(event);
    publisher.setState({ kind: 'tracks', tracks, capturedAtMs: result.frame.capturedAtMs });
  }

  #noteFailure(error: InferenceError): void {
    this.#failuresInARow += 1;
    this.#parts.observer.detectionFailed(error);
    if (this.#failuresInARow >= MAX_FAILURES_IN_A_ROW) {
      const message = `Cannot detect: ${MAX_FAILURES_IN_A_ROW} frames in a row failed, the last with: ${error.message}`;
      throw new Error(message, { cause: error });
    }
  }

  #drop(frame: Frame, reason: DropReason): void {
    this.counts.dropped[reason] += 1;
    this.#parts.pool.give(frame.data);
  }
}
