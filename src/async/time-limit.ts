/**
 * Runs a task whose signal is aborted after a time, with an Error that says so, or with `signal`.
 * @throws what the task throws; the reason of `signal` where that was aborted.
 */
export async function withTimeLimit<T>(
  limitMs: number,
  task: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  // Not AbortSignal.any with AbortSignal.timeout: Node.js 20 may collect the timeout as garbage
  // before its time, and then it never comes.
  const controller = new AbortController();
  const stop = () => controller.abort(signal.reason);
  const timer = setTimeout(() => {
    controller.abort(new Error(`it took longer than ${limitMs / 1000} s`));
  }, limitMs);
  signal.addEventListener('abort', stop);
  try {
    signal.throwIfAborted();
    return await task(controller.signal);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
