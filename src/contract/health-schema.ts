import { Type } from 'typebox';
import {
  amountSchema,
  countSchema,
  orNull,
  timestampSchema,
  versionField,
  wordSchema,
} from './common-schemas.js';
import type { PayloadOf } from './payload-of.js';
import { PROBLEM_IDS } from './problem-ids.js';

const PERCENTILES = Type.Object(
  { p50: orNull(amountSchema('Median.')), p95: orNull(amountSchema('95 of 100 are below.')) },
  { description: 'Over the last frames; null while there are none.' },
);

const CAMERA = Type.Object({
  id: Type.String(),
  online: Type.Boolean(),
  fps_in: orNull(amountSchema('Frames a second that came, over the last 10 s.')),
  fps_expected: orNull(amountSchema('As configured; null where the source has its own rate.')),
  last_frame_age_ms: orNull(countSchema('Null before the first frame.')),
  restarts_1h: countSchema('Of the camera, within the last hour.'),
  drops: Type.Object(
    {
      queue_full: countSchema('Driven out.'),
      too_old: countSchema('Late.'),
      over_rate: countSchema('Passed over because of `set/max_fps` or `set/inference_max_fps`.'),
      gated: countSchema('Passed over because nothing moved.'),
      paused: countSchema('Passed over while detection was switched off.'),
      error: countSchema('Failed.'),
    },
    { description: 'Frames that were not detected, since the start.' },
  ),
});

const MQTT = Type.Object({
  connected_since: orNull(timestampSchema('Of this connection.')),
  reconnects: countSchema('Since the start.'),
  published: countSchema('Messages that the broker acknowledged, since the start.'),
  refused: countSchema('Messages that it refused.'),
  events_waiting: countSchema('For the broker.'),
  events_lost: countSchema('Since the start: all events in `dropped_by_policy`.'),
  dropped_by_policy: Type.Object(
    {
      queue_full: countSchema('Events, the oldest of too many.'),
      too_old: countSchema('Events that waited for too long.'),
      outbox_update: countSchema('Events of the phase `update`, which made room in the outbox.'),
      outbox_full: countSchema('Other events that made room there.'),
      outbox_too_old: countSchema('Events that were kept there for too long.'),
      outbox_corrupt: countSchema('Events that could not be read back.'),
      overtaken: countSchema('Messages of use only while they are new, such as pictures.'),
      answers: countSchema('Answers to commands, of too many that waited.'),
    },
    { description: 'What was given up because of a limit, since the start.' },
  ),
  outbox: Type.Object(
    {
      depth: countSchema('Events that are kept.'),
      bytes: countSchema('Their size.'),
      oldest_s: orNull(amountSchema('Age of the oldest; null when there is none.')),
      bytes_written: countSchema('To disk, since the start.'),
    },
    { description: 'Events kept on disk while the broker is away.' },
  ),
});

const COUNT = Type.Integer({ minimum: 0 });

const COMMANDS = Type.Object(
  {
    received: countSchema('Messages on topics of commands.'),
    accepted: countSchema('Let in.'),
    done: countSchema('Carried out.'),
    failed: countSchema('Let in, but not carried out.'),
    repeated: countSchema('Answered again, without effect.'),
    refused: Type.Object(
      {
        retained: COUNT,
        old: COUNT,
        'too-large': COUNT,
        malformed: COUNT,
        'not-allowed': COUNT,
        'unknown-verb': COUNT,
        busy: COUNT,
      },
      { description: 'By the code that each was answered with.' },
    ),
  },
  { description: 'What has become of commands, since the start.' },
);

const HOST = Type.Object(
  {
    cpu_temp_c: orNull(Type.Number()),
    cpu_mhz: orNull(amountSchema('Clock of the first core.')),
    throttled: orNull(
      Type.Object(
        { now: Type.Boolean(), ever: Type.Boolean(), undervoltage: Type.Boolean() },
        { description: 'Of a Raspberry Pi.' },
      ),
    ),
    load1: amountSchema('Load average of a minute.'),
    rss_mb: amountSchema('Memory of this process.'),
    mem_avail_mb: orNull(amountSchema('Memory that is left on this machine.')),
    disk_free_mb: orNull(amountSchema('Where Lookout keeps what it finds out.')),
    bytes_written: orNull(countSchema('By this process to disks, since its start.')),
  },
  { description: 'What cannot be read here is null.' },
);

export const HEALTH_SCHEMA = Type.Object(
  {
    ...versionField,
    level: wordSchema(['ok', 'degraded', 'failed']),
    reasons: Type.Array(wordSchema(PROBLEM_IDS), { description: 'See `alert/{id}`.' }),
    boot_id: Type.String(),
    uptime_s: countSchema('Of this process.'),
    camera: Type.Array(CAMERA),
    inference: Type.Object({
      fps: orNull(amountSchema('Frames detected a second, over the last 10 s.')),
      ms: PERCENTILES,
      threads: Type.Integer({ minimum: 1 }),
    }),
    latency_ms: Type.Object(
      { p50: PERCENTILES.properties.p50, p95: PERCENTILES.properties.p95 },
      { description: "From a frame's arrival to its result." },
    ),
    mqtt: MQTT,
    commands: COMMANDS,
    watchdog: Type.Object(
      {
        pings: orNull(
          countSchema(
            'Signs of life given to systemd, since the start; null where none are wanted.',
          ),
        ),
        last_progress_age_ms: orNull(
          countSchema(
            'Since a frame was detected or, where none was to be, passed over; null before the first.',
          ),
        ),
      },
      { description: 'What decides whether systemd starts Lookout again.' },
    ),
    host: HOST,
    clock: Type.Object({
      synced: orNull(
        Type.Boolean({ description: 'By systemd-timesyncd; null where it does not run.' }),
      ),
      last_step_ms: Type.Integer({
        description: 'Last jump of the wall clock, 0 when there was none.',
      }),
    }),
  },
  { title: 'health', description: 'How well it works.' },
);

/** Topic `health`: how well it works. */
export type HealthPayload = PayloadOf<typeof HEALTH_SCHEMA>;
