import type { ProblemId } from '../contract/alert-schema.js';
import type { HealthPayload } from '../contract/health-schema.js';

/** A Raspberry Pi slows down at 80 to 85 °C. */
const HOT_C = 80;
const MIN_MEMORY_MB = 50;
const MIN_DISK_MB = 100;
/** Part of the configured frame rate below which something is wrong with the camera. */
const MIN_RATE = 0.5;

type Judged = Pick<HealthPayload, 'host' | 'clock' | 'camera'>;

/** What of a reading is a problem, in a sentence; null: it is none. */
export const HOST_PROBLEMS: Readonly<
  Partial<Record<ProblemId, (health: Judged) => string | null>>
> = {
  hot: ({ host: { cpu_temp_c } }) =>
    (cpu_temp_c ?? 0) >= HOT_C ? `The processor has ${Math.round(cpu_temp_c ?? 0)} °C` : null,
  throttled: ({ host }) => (host.throttled?.now ? 'The processor is slowed down' : null),
  undervoltage: ({ host }) =>
    host.throttled?.undervoltage ? 'The power supply is too weak' : null,
  clock_unsynced: ({ clock }) =>
    clock.synced === false ? 'The clock has not been set yet: times may be wrong' : null,
  memory_low: ({ host: { mem_avail_mb } }) =>
    (mem_avail_mb ?? MIN_MEMORY_MB) < MIN_MEMORY_MB
      ? `${mem_avail_mb} MB of memory are left`
      : null,
  disk_low: ({ host: { disk_free_mb } }) =>
    (disk_free_mb ?? MIN_DISK_MB) < MIN_DISK_MB ? `${disk_free_mb} MB of the disk are free` : null,
  low_frame_rate: ({ camera: [camera] }) => {
    const { fps_in = null, fps_expected = null, online = false } = camera ?? {};
    if (!online || fps_in === null || fps_expected === null) return null;
    if (fps_in >= MIN_RATE * fps_expected) return null;
    return `The camera gives ${fps_in.toFixed(1)} frames a second instead of ${fps_expected}`;
  },
};
