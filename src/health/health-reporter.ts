import type { ProblemId } from '../contract/alert-schema.js';
import type { HealthPayload } from '../contract/health-schema.js';
import { HEALTH_INTERVAL_S } from '../contract/topic-table.js';
import { PAYLOAD_VERSION } from '../contract/version.js';
import { ClockSteps } from './clock-steps.js';
import type { FrameMeter } from './frame-meter.js';
import { HOST_PROBLEMS } from './host-problems.js';
import { isClockSynced, readHost } from './host-reading.js';
import type { Problems } from './problems.js';

/** How often it is looked whether something is wrong. */
const LOOK_EVERY_S = 10;

/** What others know that health tells. */
export interface HealthSources {
  readonly bootId: string;
  readonly startedAtMs: number;
  /** Folder of which the disk's free space is told. */
  readonly stateFolder: string;
  readonly camera: { readonly id: string; readonly fpsExpected: number | null };
  readonly meter: FrameMeter;
  readonly problems: Problems;
  readonly isOnline: () => boolean;
  readonly drops: () => HealthPayload['camera'][number]['drops'];
  readonly threads: () => number;
  readonly mqtt: () => HealthPayload['mqtt'];
  readonly commands: () => HealthPayload['commands'];
  /** Signs of life given to the service manager; null where it wants none. */
  readonly pings: () => number | null;
  /** Who else uses our client id, in a sentence; null while nobody does. */
  readonly clientIdConflict: () => string | null;
  /** Why nothing goes on; null while something does. */
  readonly stalled: () => string | null;
}

export interface HealthReports extends Disposable {
  /** How it was some seconds ago; null before it was looked at for the first time. */
  readonly latest: HealthPayload | null;
}

/**
 * Tells how well it works: once a minute, and at once when something begins or ceases to be wrong.
 * Disposal ends it; it never keeps the process running by itself.
 */
export function startHealthReports(
  sources: HealthSources,
  tell: (health: HealthPayload) => void,
): HealthReports {
  const clock = new ClockSteps();
  let told = { reasons: '', atMs: Number.NEGATIVE_INFINITY };
  let isLooking = false;
  let latest: HealthPayload | null = null;
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    const health = await healthOf(sources, clock);
    isLooking = false;
    latest = health;
    const reasons = health.reasons.join();
    const isDue = performance.now() - told.atMs >= (HEALTH_INTERVAL_S - LOOK_EVERY_S / 2) * 1000;
    if (!isDue && reasons === told.reasons) return;
    // What is known soon is not told a minute later.
    const isWhole = health.camera.every(({ fps_in }) => fps_in !== null);
    told = { reasons, atMs: isWhole ? performance.now() : Number.NEGATIVE_INFINITY };
    tell(health);
  };
  void look();
  const timer = setInterval(() => void look(), LOOK_EVERY_S * 1000).unref();
  return {
    get latest() {
      return latest;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

/** How it works now; what is wrong with the machine becomes a problem, or ceases to be one. */
export async function healthOf(sources: HealthSources, clock: ClockSteps): Promise<HealthPayload> {
  const { bootId, startedAtMs, camera, meter, problems } = sources;
  const host = await readHost(sources.stateFolder);
  const synced = await isClockSynced();
  const figures = meter.read();
  const { inferenceMs, latencyMs, lastFrameAgeMs, progressAgeMs } = figures;
  const reading = {
    camera: [
      {
        id: camera.id,
        online: sources.isOnline(),
        fps_in: roundedOrNull(figures.fpsIn),
        fps_expected: camera.fpsExpected,
        last_frame_age_ms: lastFrameAgeMs === null ? null : Math.round(lastFrameAgeMs),
        restarts_1h: figures.restartsInHour,
        drops: sources.drops(),
      },
    ],
    host,
    clock: { synced, last_step_ms: clock.look() },
  };
  for (const [id, problemOf] of Object.entries(HOST_PROBLEMS)) {
    problems.report(id as ProblemId, problemOf(reading));
  }
  problems.report('stalled', sources.stalled());
  problems.report('client_id_conflict', sources.clientIdConflict());
  return {
    v: PAYLOAD_VERSION,
    level: problems.level,
    reasons: problems.ids,
    boot_id: bootId,
    uptime_s: Math.round((Date.now() - startedAtMs) / 1000),
    ...reading,
    inference: {
      fps: roundedOrNull(figures.fpsDetected),
      ms: { p50: roundedOrNull(inferenceMs.p50), p95: roundedOrNull(inferenceMs.p95) },
      threads: sources.threads(),
    },
    latency_ms: { p50: roundedOrNull(latencyMs.p50), p95: roundedOrNull(latencyMs.p95) },
    mqtt: sources.mqtt(),
    commands: sources.commands(),
    watchdog: {
      pings: sources.pings(),
      last_progress_age_ms: progressAgeMs === null ? null : Math.round(progressAgeMs),
    },
  };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

function roundedOrNull(value: number | null): number | null {
  return value === null ? null : rounded(value);
}
