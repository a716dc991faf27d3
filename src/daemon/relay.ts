/**
 * Hands on what it is given to a listener that is named later. It stands between two things of which
 * the one that speaks has to be made first; what is said while nobody listens is lost.
 */
export class Relay<T> {
  /** Hands a value on; may be passed around without its relay. */
  readonly say = (value: T): void => this.#listener(value);
  #listener: (value: T) => void = () => {};

  /** Names who listens from now on. */
  to(listener: (value: T) => void): void {
    this.#listener = listener;
  }
}
