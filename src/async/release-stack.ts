/**
 * Gathers what is released together, as `await using` lines in a row would release it: the last one
 * first, each one whatever becomes of the others. Node 20 has no `AsyncDisposableStack`, which it is
 * a part of.
 */
export class ReleaseStack implements AsyncDisposable {
  #held: readonly (AsyncDisposable | Disposable)[] = [];

  /** Takes a thing that is to be released, and gives it back. */
  use<T extends AsyncDisposable | Disposable | null>(resource: T): T {
    if (resource !== null) this.#held = [...this.#held, resource];
    return resource;
  }

  /** Hands all that is held over to another stack. */
  move(): ReleaseStack {
    const other = new ReleaseStack();
    other.#held = this.#held;
    this.#held = [];
    return other;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const held = this.#held;
    this.#held = [];
    await release(held);
  }
}

async function release([first, ...others]: readonly (AsyncDisposable | Disposable)[]) {
  if (first === undefined) return;
  await using _first = first;
  await release(others);
}
