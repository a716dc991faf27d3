import type { Log } from '../log.js';
import type { Liveness } from './liveness.js';
import type { Supervisor } from './supervisor.js';

export interface Watchdog extends Disposable {
  /** Signs of life given since the start. */
  readonly pings: number;
}

/**
 * Passes the verdict on to the supervisor every `intervalMs`: a sign of life while alive, silence
 * while dead, so that the supervisor's own limit runs out. Says in the log why it falls silent.
 * Disposal stops it; it never keeps the process running by itself.
 */
export function startWatchdog(
  liveness: Pick<Liveness, 'verdict'>,
  supervisor: Supervisor,
  intervalMs: number,
  log: Log,
): Watchdog {
  let pings = 0;
  let wasAlive = true;
  const timer = setInterval(() => {
    const verdict = liveness.verdict();
    if (verdict.alive) {
      supervisor.notify('alive');
      pings += 1;
    }
    if (verdict.alive !== wasAlive) {
      if (verdict.alive) log.warn('Work goes on again, so the watchdog is fed again');
      else log.error(`Work stands still, so the watchdog is not fed: ${verdict.reason}`);
    }
    wasAlive = verdict.alive;
  }, intervalMs);
  timer.unref();
  return {
    get pings() {
      return pings;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
