import type { FrameDetections } from '../domain/detection.js';
import type { InferenceError } from '../errors.js';
import type { CameraWatch } from '../health/camera-watch.js';
import type { FrameMeter } from '../health/frame-meter.js';
import type { Problems } from '../health/problems.js';
import type { LogDigest } from '../log/log-digest.js';
import type { PipelineObserver } from '../pipeline/pipeline.js';
import type { Publisher } from '../publishing/publisher.js';
import type { Liveness } from '../supervision/liveness.js';
import type { Supervisor } from '../supervision/supervisor.js';

export interface FrameObserverParts {
  readonly liveness: Liveness;
  readonly supervisor: Supervisor;
  readonly publisher: Publisher;
  /** Says them once a second. */
  readonly failures: LogDigest;
  readonly meter: FrameMeter;
  readonly camera: CameraWatch;
  readonly problems: Problems;
}

/**
 * Draws the daemon's state from what happens to frames: ready with the first detected one, camera
 * online while frames are detected, alive while there is progress. While detection is switched off
 * a frame that comes is enough.
 */
export class FrameObserver implements PipelineObserver {
  readonly #parts: FrameObserverParts;
  #isReady = false;
  #isOnline = false;

  constructor(parts: FrameObserverParts) {
    this.#parts = parts;
  }

  /** Whether frames flow and are detected, unless that is switched off. */
  get isOnline(): boolean {
    return this.#isOnline;
  }

  cameraState(
    state: { readonly online: true } | { readonly online: false; readonly reason: string },
  ): void {
    this.#parts.liveness.cameraAttempted();
    if (state.online) {
      this.#parts.camera.started();
      return;
    }
    this.#parts.camera.away(state.reason);
    this.#isOnline = false;
    this.#parts.meter.cameraRestarted();
    this.#parts.problems.report('camera_lost', state.reason);
    this.#parts.publisher.setState({ kind: 'camera', online: false });
  }

  /** Somebody wants the camera to be started again. */
  cameraRestartAsked(): void {
    this.#parts.camera.away('Somebody asked for it');
  }

  /** To be told before and after a reload; one before the first frame is nobody's business. */
  reloading(): void {
    if (this.#isReady) this.#parts.supervisor.notify('reloading');
  }

  reloaded(): void {
    if (this.#isReady) this.#parts.supervisor.notify('ready');
  }

  frameArrived(): void {
    this.#parts.liveness.frameArrived();
    this.#parts.meter.frameArrived();
    this.#parts.camera.frameArrived();
  }

  framePassedOver(reason: 'paused' | 'over_rate' | 'gated'): void {
    this.#parts.liveness.cameraAttempted();
    this.#parts.meter.framePassedOver();
    this.#parts.camera.frameArrived();
    this.#parts.camera.frameDealtWith();
    // With detection switched off nothing else is to be expected, however long it lasts.
    if (reason === 'paused' || this.#isReady) this.#works('Detection is switched off');
  }

  detectionPaused(isPaused: boolean): void {
    this.#parts.camera.pause(isPaused);
  }

  detectionStarted(): void {
    this.#parts.liveness.inferenceStarted();
  }

  frameDetected(result: FrameDetections): void {
    this.#parts.liveness.inferenceFinished(true);
    this.#parts.meter.frameDetected(result);
    this.#parts.camera.frameDealtWith();
    this.#works('Detecting');
  }

  detectionFailed(error: InferenceError): void {
    this.#parts.liveness.inferenceFinished(false);
    this.#parts.failures.add(error.message);
  }

  #works(status: string): void {
    // The detector may still be busy with a frame of a camera that is gone.
    if (!this.#isOnline && this.#parts.camera.isGiving) {
      this.#isOnline = true;
      this.#parts.problems.report('camera_lost', null);
      this.#parts.publisher.setState({ kind: 'camera', online: true });
    }
    if (!this.#isReady) {
      this.#isReady = true;
      this.#parts.supervisor.notify('ready', status);
    }
  }
}
