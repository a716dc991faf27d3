/**
 * Makes a task that never runs twice at once: however often it is asked for while it runs, it runs
 * once more afterwards. The promise settles when the latest request has been dealt with.
 */
export function coalesce(task: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let isAsked = false;
  async function runWhileAsked(): Promise<void> {
    try {
      while (isAsked) {
        isAsked = false;
        await task();
      }
    } finally {
      running = null;
    }
  }
  return () => {
    isAsked = true;
    running ??= runWhileAsked();
    return running;
  };
}
