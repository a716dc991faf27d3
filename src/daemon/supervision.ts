import type { Log } from '../log.js';
import { Liveness } from '../supervision/liveness.js';
import { findServiceManager, type ServiceManager } from '../supervision/service-manager.js';
import { startWatchdog, type Watchdog } from '../supervision/watchdog.js';

/** Who looks after this process, and what it is told by. */
export interface Supervision extends Disposable, Pick<ServiceManager, 'supervisor' | 'isWatched'> {
  readonly liveness: Liveness;
  readonly watchdog: Watchdog;
}

/**
 * Begins to give signs of life to the service manager, until disposal.
 * @throws as `findServiceManager` does.
 */
export function startSupervision(env: Readonly<NodeJS.ProcessEnv>, log: Log): Supervision {
  const liveness = new Liveness();
  const { supervisor, pingIntervalMs, isWatched } = findServiceManager(env, log);
  const watchdog = startWatchdog(liveness, supervisor, pingIntervalMs, log);
  const dispose = (): void => watchdog[Symbol.dispose]();
  return { supervisor, isWatched, liveness, watchdog, [Symbol.dispose]: dispose };
}
