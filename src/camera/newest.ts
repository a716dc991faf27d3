/**
 * Reads what `open` gives without ever holding it up, and gives the consumer the newest item each
 * time it asks. An item that is overtaken goes to `skip`. Failures and the end come after the last
 * item. The signal that `open` gets is aborted with `signal`, and when the consumer leaves; what is
 * open has ended by the time this has.
 */
export async function* newest<T extends object>(
  open: (signal: AbortSignal) => AsyncIterable<T>,
  skip: (item: T) => void,
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  const stop = new AbortController();
  const onAbort = () => stop.abort();
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();

  let latest: T | null = null;
  let ended = false;
  let wake = () => {};
  const take = (): T | null => {
    const item = latest;
    latest = null;
    return item;
  };
  const pump = async () => {
    try {
      for await (const item of open(stop.signal)) {
        if (latest !== null) skip(latest);
        latest = item;
        wake();
      }
    } finally {
      ended = true;
      wake();
    }
  };

  const pumping = pump();
  // Its failure is told below; until then nobody may be waiting for it.
  pumping.catch(() => {});
  try {
    while (!signal.aborted) {
      const item = take();
      if (item !== null) yield item;
      else if (ended) return await pumping;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    stop.abort();
    await pumping.catch(() => {});
  }
}
