import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HOST_PROBLEMS } from '../../src/health/host-problems.js';
import { Problems } from '../../src/health/problems.js';

describe('Problems', () => {
  it('tells of each problem when it begins, is another one, and ends', () => {
    const told: string[] = [];
    const problems = new Problems((id, alert) => told.push(`${id}: ${alert?.detail ?? 'over'}`));
    problems.report('hot', null);
    problems.report('hot', '81 °C');
    problems.report('hot', '81 °C');
    problems.report('hot', '84 °C');
    assert.deepEqual(problems.ids, ['hot']);
    problems.report('hot', null);
    assert.deepEqual(told, ['hot: 81 °C', 'hot: 84 °C', 'hot: over']);
    assert.deepEqual(problems.ids, []);
  });

  it('tells of all there are once more when asked to', () => {
    const told: (string | undefined)[] = [];
    const problems = new Problems((_, alert) => told.push(alert?.detail));
    problems.report('outbox', 'no room');
    problems.report('hot', '81 °C');
    problems.report('hot', null);
    told.length = 0;
    problems.repeat();
    assert.deepEqual(told, ['no room']);
  });

  it('is failed when nothing can be detected, degraded with all else', () => {
    const problems = new Problems(() => {});
    assert.equal(problems.level, 'ok');
    problems.report('disk_low', 'full');
    assert.equal(problems.level, 'degraded');
    problems.report('camera_lost', 'gone');
    assert.equal(problems.level, 'failed');
    problems.report('camera_lost', null);
    assert.equal(problems.level, 'degraded');
  });

  it('keeps the time of its begin', () => {
    const since: (string | undefined)[] = [];
    const problems = new Problems((_, alert) => since.push(alert?.since));
    problems.report('hot', '81 °C');
    problems.report('hot', '82 °C');
    assert.equal(since[0], since[1]);
  });
});

const WELL = {
  host: {
    cpu_temp_c: 60,
    cpu_mhz: 1500,
    throttled: { now: false, ever: true, undervoltage: false },
    load1: 1,
    rss_mb: 100,
    mem_avail_mb: 500,
    disk_free_mb: 5000,
    bytes_written: 0,
  },
  clock: { synced: true, last_step_ms: 0 },
  camera: [
    {
      id: 'camera',
      online: true,
      fps_in: 10,
      fps_expected: 15,
      last_frame_age_ms: 10,
      restarts_1h: 0,
      drops: { queue_full: 0, too_old: 0, over_rate: 0, gated: 0, paused: 0, error: 0 },
    },
  ],
} as const;

function problemsOf(reading: Parameters<NonNullable<(typeof HOST_PROBLEMS)['hot']>>[0]): string[] {
  return Object.entries(HOST_PROBLEMS).flatMap(([id, of]) => (of(reading) === null ? [] : [id]));
}

describe('HOST_PROBLEMS', () => {
  const [camera] = WELL.camera;
  const cases: [string, Parameters<typeof problemsOf>[0], string[]][] = [
    ['a machine that is well', WELL, []],
    ['heat', { ...WELL, host: { ...WELL.host, cpu_temp_c: 82.5 } }, ['hot']],
    [
      'a weak power supply',
      { ...WELL, host: { ...WELL.host, throttled: { now: true, ever: true, undervoltage: true } } },
      ['throttled', 'undervoltage'],
    ],
    ['little memory', { ...WELL, host: { ...WELL.host, mem_avail_mb: 20 } }, ['memory_low']],
    ['a full disk', { ...WELL, host: { ...WELL.host, disk_free_mb: 0 } }, ['disk_low']],
    [
      'a clock that is not set',
      { ...WELL, clock: { synced: false, last_step_ms: 0 } },
      ['clock_unsynced'],
    ],
    ['a slow camera', { ...WELL, camera: [{ ...camera, fps_in: 3 }] }, ['low_frame_rate']],
    ['a camera that is away', { ...WELL, camera: [{ ...camera, fps_in: 0, online: false }] }, []],
    [
      'a source with a rate of its own',
      { ...WELL, camera: [{ ...camera, fps_in: 1, fps_expected: null }] },
      [],
    ],
    [
      'a machine that tells nothing',
      {
        ...WELL,
        host: {
          ...WELL.host,
          cpu_temp_c: null,
          throttled: null,
          mem_avail_mb: null,
          disk_free_mb: null,
        },
        clock: { synced: null, last_step_ms: 0 },
      },
      [],
    ],
  ];
  for (const [what, reading, expected] of cases) {
    it(`finds in ${what}: ${expected.join(', ') || 'nothing'}`, () => {
      assert.deepEqual(problemsOf(reading).sort(), expected);
    });
  }
});
