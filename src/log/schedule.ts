/** Calls `task` after `ms`, unless the function it gives is called before. */
export type Schedule = (task: () => void, ms: number) => () => void;

/** By a timer that does not keep the process running. */
export function byTimer(task: () => void, ms: number): () => void {
  const timer = setTimeout(task, ms).unref();
  return () => clearTimeout(timer);
}
