import { readFile, statfs } from 'node:fs/promises';
import { loadavg } from 'node:os';
import type { HealthPayload } from '../contract/health-schema.js';

const MB = 1 << 20;

/** Where the kernel tells what; other places in tests. */
export interface HostFiles {
  readonly temperature: string;
  readonly frequency: string;
  readonly throttled: string;
  readonly memory: string;
  readonly io: string;
  readonly timesync: string;
}

export const HOST_FILES: HostFiles = {
  temperature: '/sys/class/thermal/thermal_zone0/temp',
  frequency: '/sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq',
  // Bits as `vcgencmd get_throttled` gives them (raspberrypi.com, documentation of vcgencmd).
  throttled: '/sys/devices/platform/soc/soc:firmware/get_throttled',
  memory: '/proc/meminfo',
  io: '/proc/self/io',
  timesync: '/run/systemd/timesync',
};

/**
 * How the machine is. What it does not tell, as most are no Raspberry Pi, is null.
 * @param folder of which the disk's free space is told; it need not be there yet.
 */
export async function readHost(
  folder: string,
  files: HostFiles = HOST_FILES,
): Promise<HealthPayload['host']> {
  const [temperature, frequency, throttled, memory, io, disk] = await Promise.all([
    numberIn(files.temperature, /^(-?\d+)/),
    numberIn(files.frequency, /^(\d+)/),
    textOf(files.throttled),
    numberIn(files.memory, /^MemAvailable:\s+(\d+) kB/m),
    numberIn(files.io, /^write_bytes: (\d+)/m),
    freeBytes(folder),
  ]);
  return {
    cpu_temp_c: temperature === null ? null : rounded(temperature / 1000),
    cpu_mhz: frequency === null ? null : Math.round(frequency / 1000),
    throttled: throttled === null ? null : throttling(Number.parseInt(throttled, 16)),
    load1: Math.round((loadavg()[0] ?? 0) * 100) / 100,
    rss_mb: rounded(process.memoryUsage.rss() / MB),
    mem_avail_mb: memory === null ? null : Math.round(memory / 1024),
    disk_free_mb: disk === null ? null : Math.round(disk / MB),
    bytes_written: io,
  };
}

/** Whether systemd-timesyncd has set the clock; null where it does not run. */
export async function isClockSynced(files: HostFiles = HOST_FILES): Promise<boolean | null> {
  const isThere = async (path: string): Promise<boolean> => (await freeBytes(path)) !== null;
  if (!(await isThere(files.timesync))) return null;
  return await isThere(`${files.timesync}/synchronized`);
}

function throttling(bits: number): HealthPayload['host']['throttled'] {
  return {
    now: (bits & 0b1110) !== 0,
    ever: bits >>> 16 !== 0,
    undervoltage: (bits & 1) !== 0,
  };
}

async function freeBytes(path: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  } catch {
    return null;
  }
}

async function numberIn(file: string, pattern: RegExp): Promise<number | null> {
  const digits = pattern.exec((await textOf(file)) ?? '')?.[1];
  return digits === undefined ? null : Number(digits);
}

async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return null;
  }
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
