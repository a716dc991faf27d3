import type { CameraState } from './camera-state.js';

/** By which a camera is asked to be started again. */
export class RestartBell {
  #stop: () => void = () => {};
  readonly #waiting = new Set<(state: CameraState) => void>();

  /**
   * Has the camera started again, at once where it waits to be. Settles with its first frame.
   * @throws Error when the camera gives none, or `signal` is aborted before it gives one.
   */
  async ring(signal: AbortSignal): Promise<void> {
    const state = await new Promise<CameraState>((resolve) => {
      const giveUp = (): void => settle({ online: false, reason: 'no frame came in time' });
      const settle = (state: CameraState): void => {
        signal.removeEventListener('abort', giveUp);
        this.#waiting.delete(settle);
        resolve(state);
      };
      this.#waiting.add(settle);
      signal.addEventListener('abort', giveUp, { once: true });
      if (signal.aborted) giveUp();
      else this.#stop();
    });
    if (!state.online) throw new Error(`Cannot start the camera again: ${state.reason}`);
  }

  /** For the one who runs the camera: names what ends the present start. */
  answerWith(stop: () => void): void {
    this.#stop = stop;
  }

  /** For the same: tells how a start has turned out. */
  tell(state: CameraState): void {
    for (const settle of this.#waiting) settle(state);
  }
}
