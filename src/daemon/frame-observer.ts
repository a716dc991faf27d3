import type { CameraState } from '../camera/camera-retry.js';
import type { InferenceError } from '../errors.js';
import type { PipelineObserver } from '../pipeline/pipeline.js';
import type { Publisher } from '../publishing/publisher.js';
import type { Liveness } from '../supervision/liveness.js';
import type { Supervisor } from '../supervision/supervisor.js';

export interface FrameObserverParts {
  readonly liveness: Liveness;
  readonly supervisor: Supervisor;
  readonly publisher: Publisher;
  /** Counts failures and says them once a second. */
  readonly digest: { note(message: string): void };
}

/**
 * Draws the daemon's state from what happens to frames: ready with the first detected one, camera
 * online while frames are detected, alive while there is progress.
 */
export class FrameObserver implements PipelineObserver {
  readonly #parts: FrameObserverParts;
  #isReady = false;
  #isOnline = false;

  constructor(parts: FrameObserverParts) {
    this.#parts = parts;
  }

  cameraState(state: CameraState): void {
    this.#parts.liveness.cameraAttempted();
    if (state.online) return;
    this.#isOnline = false;
    this.#parts.publisher.setState({ kind: 'camera', online: false });
  }

  frameArrived(): void {
    this.#parts.liveness.frameArrived();
  }

  detectionStarted(): void {
    this.#parts.liveness.inferenceStarted();
  }

  frameDetected(): void {
    this.#parts.liveness.inferenceFinished(true);
    if (!this.#isOnline) {
      this.#isOnline = true;
      this.#parts.publisher.setState({ kind: 'camera', online: true });
    }
    if (!this.#isReady) {
      this.#isReady = true;
      this.#parts.supervisor.notify('ready', 'Detecting');
    }
  }

  detectionFailed(error: InferenceError): void {
    this.#parts.liveness.inferenceFinished(false);
    this.#parts.digest.note(`Cannot detect on a frame: ${error.message}`);
  }
}
