import type { Log } from '../log.js';
import { openNotifySocket } from './notify-socket.js';
import type { Supervisor } from './supervisor.js';
import { SystemdSupervisor } from './systemd-supervisor.js';

/** The part of a process's environment in which systemd says how it wants to be told. */
export interface ServiceEnvironment {
  readonly NOTIFY_SOCKET?: string | undefined;
  readonly WATCHDOG_USEC?: string | undefined;
  readonly WATCHDOG_PID?: string | undefined;
}

/** Who started this process, and how often it wants a sign of life. */
export interface ServiceManager {
  readonly supervisor: Supervisor;
  /** Half of the watchdog's limit, as sd_watchdog_enabled(3) advises; 10 s if there is none. */
  readonly pingIntervalMs: number;
  /** Whether it restarts a process that gives no sign of life. */
  readonly isWatched: boolean;
}

const UNWATCHED_PING_INTERVAL_MS = 10_000;

const SILENT: Supervisor = { notify() {} };

/**
 * Finds the service manager. Without NOTIFY_SOCKET there is none, and the supervisor is silent.
 * @throws when there is one, but the compiled part that talks to it cannot be loaded.
 */
export function findServiceManager(environment: ServiceEnvironment, log: Log): ServiceManager {
  const watchdogUs = watchdogLimitUs(environment);
  const pingIntervalMs =
    watchdogUs === null ? UNWATCHED_PING_INTERVAL_MS : Math.max(1, watchdogUs / 2000);
  const socketPath = environment.NOTIFY_SOCKET;
  if (!socketPath) return { supervisor: SILENT, pingIntervalMs, isWatched: false };
  const socket = openNotifySocket(socketPath);
  const supervisor = new SystemdSupervisor(socket, watchdogUs, log);
  return { supervisor, pingIntervalMs, isWatched: watchdogUs !== null };
}

/** Null unless a watchdog waits for this very process: a child inherits the variables too. */
function watchdogLimitUs({ WATCHDOG_USEC, WATCHDOG_PID }: ServiceEnvironment): number | null {
  if (WATCHDOG_PID && Number(WATCHDOG_PID) !== process.pid) return null;
  const limitUs = Number(WATCHDOG_USEC);
  return Number.isSafeInteger(limitUs) && limitUs > 0 ? limitUs : null;
}
