import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { HOST_FILES, isClockSynced, readHost } from '../../src/health/host-reading.js';
import { tempFolder } from '../helpers/temp-folder.js';

const folder = tempFolder();

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

describe('readHost', () => {
  it('reads what this machine tells', async () => {
    const host = await readHost(folder);
    assert.ok(host.rss_mb > 10);
    assert.ok((host.mem_avail_mb ?? 0) > 0);
    assert.ok((host.disk_free_mb ?? 0) > 0);
    assert.ok(host.bytes_written !== null);
  });

  it('reads a Raspberry Pi', async () => {
    const host = await readHost(folder, {
      ...HOST_FILES,
      temperature: file('temp', '48312\n'),
      frequency: file('freq', '1800000\n'),
      throttled: file('throttled', '50005\n'),
    });
    assert.equal(host.cpu_temp_c, 48.3);
    assert.equal(host.cpu_mhz, 1800);
    assert.deepEqual(host.throttled, { now: true, ever: true, undervoltage: true });
    const fine = await readHost(folder, { ...HOST_FILES, throttled: file('fine', '50000\n') });
    assert.deepEqual(fine.throttled, { now: false, ever: true, undervoltage: false });
  });

  it('gives null for what is not there or makes no sense', async () => {
    const missing = join(folder, 'missing');
    const nonsense = file('nonsense', 'what?');
    const host = await readHost(missing, {
      temperature: nonsense,
      frequency: missing,
      throttled: missing,
      memory: nonsense,
      io: missing,
      timesync: missing,
    });
    const { cpu_temp_c, cpu_mhz, throttled, mem_avail_mb, disk_free_mb, bytes_written } = host;
    for (const value of [
      cpu_temp_c,
      cpu_mhz,
      throttled,
      mem_avail_mb,
      disk_free_mb,
      bytes_written,
    ]) {
      assert.equal(value, null);
    }
  });
});

describe('isClockSynced', () => {
  it('believes systemd-timesyncd, where it runs', async () => {
    const timesync = join(folder, 'timesync');
    assert.equal(await isClockSynced({ ...HOST_FILES, timesync }), null);
    mkdirSync(timesync);
    assert.equal(await isClockSynced({ ...HOST_FILES, timesync }), false);
    file('timesync/synchronized', '');
    assert.equal(await isClockSynced({ ...HOST_FILES, timesync }), true);
  });
});
