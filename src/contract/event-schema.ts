import { Type } from 'typebox';
import {
  amountSchema,
  countSchema,
  MODEL_SCHEMA,
  orNull,
  shareSchema,
  timestampSchema,
  versionField,
  wordSchema,
} from './common-schemas.js';
import type { PayloadOf } from './payload-of.js';

/** Of `object.path`. */
export const MAX_PATH_POINTS = 32;

const POINT = Type.Object({ x: Type.Number(), y: Type.Number() });

/** What is told of a followed object wherever it is told of. */
export const objectFields = {
  track_id: Type.String({
    description: 'The same in all messages about one object; unique within a `boot_id`.',
  }),
  label: Type.String({ description: 'As the model gives it.' }),
  class_id: countSchema('Class of the model.'),
  score: shareSchema('Of the last detection.'),
  stationary: Type.Boolean(),
  velocity: Type.Object(
    { x: Type.Number(), y: Type.Number() },
    { description: 'Frame widths and heights per second.' },
  ),
  zones: Type.Array(Type.String(), { description: 'Zones that it is in, by their ids.' }),
};

const OBJECT = Type.Object(
  {
    ...objectFields,
    score_median: shareSchema('Over its life so far.'),
    score_top: shareSchema('Over its life so far.'),
    start: timestampSchema('First detection.'),
    end: orNull(timestampSchema('Last detection; null until the phase is `end`.')),
    duration_s: amountSchema('From first to last detection.'),
    zones_entered: Type.Array(Type.String(), {
      description: 'Zones that it has entered since the message before, in order.',
    }),
    dwell_s: Type.Record(Type.String(), amountSchema('Seconds.'), {
      description: 'How long it was in each zone that it has been in, all stays together.',
    }),
    path: Type.Optional(
      Type.Array(POINT, {
        maxItems: MAX_PATH_POINTS,
        description: 'Centres of its box over its whole life, in order; with the phase `end` only.',
      }),
    ),
  },
  { description: 'The followed object. Positions are fractions of the frame.' },
);

/** Part of a frame. */
export const BOX_SCHEMA = Type.Object(
  {
    x: shareSchema('Left.'),
    y: shareSchema('Top.'),
    w: shareSchema('Width.'),
    h: shareSchema('Height.'),
  },
  { description: 'Clipped to the frame, in fractions of it, origin at the top left.' },
);

/** The same part in pixels. */
export const BOX_PX_SCHEMA = Type.Object(
  {
    x: countSchema('Left.'),
    y: countSchema('Top.'),
    w: countSchema('Width.'),
    h: countSchema('Height.'),
  },
  { description: 'The same in whole pixels of `frame`.' },
);

/** The frame that positions are in. */
export const FRAME_INFO_SCHEMA = Type.Object({
  w: countSchema('Width in pixels.'),
  h: countSchema('Height in pixels.'),
  frame_id: Type.String({
    description: "The camera's coordinate frame, `camera.frame_id`: x to the right, y down.",
  }),
});

/** The times of a frame and of its message. */
export const TIME_SCHEMA = Type.Object({
  capture: timestampSchema('When the frame was taken.'),
  capture_mono_ns: Type.String({
    pattern: '^-?\\d+$',
    description: 'The same in ns on a clock that never jumps.',
  }),
  source: wordSchema(['sensor', 'read'], 'Whether the camera told the time, or it was read then.'),
  clock_synced: orNull(
    Type.Boolean({ description: 'Whether these times are right, as `health` tells of the clock.' }),
  ),
  published: timestampSchema('When it was handed to the network.'),
});

/** Where a frame's time went. */
export const LATENCY_SCHEMA = Type.Object({
  capture_to_read: orNull(
    amountSchema('From sensor to arrival here; null where the camera does not tell it.'),
  ),
  queue: amountSchema('Waiting for the detector, with the way to its thread and back.'),
  preprocess: amountSchema('Scaling and colours.'),
  inference: amountSchema('The model.'),
  postprocess: amountSchema('Reading its outputs.'),
  total: amountSchema('The sum of the above.'),
});

export const EVENT_SCHEMA = Type.Object(
  {
    ...versionField,
    id: Type.String({
      pattern: '^[0-9A-HJKMNP-TV-Z]{26}$',
      description: 'ULID of this message: the key to drop repetitions by.',
    }),
    seq: Type.Integer({
      minimum: 1,
      description: 'Counts the events of one `boot_id`; a gap means that one was lost.',
    }),
    boot_id: Type.String(),
    node: Type.String(),
    camera: Type.String(),
    phase: wordSchema(['start', 'update', 'end']),
    changed: Type.Array(Type.String(), { description: 'What an `update` is about.' }),
    replayed: Type.Boolean({ description: 'Whether it comes late, after the broker was away.' }),
    queued_ms: countSchema('How long it waited for the broker.'),
    object: OBJECT,
    box: BOX_SCHEMA,
    box_px: BOX_PX_SCHEMA,
    frame: FRAME_INFO_SCHEMA,
    time: TIME_SCHEMA,
    latency_ms: LATENCY_SCHEMA,
    model: MODEL_SCHEMA,
    image: orNull(
      Type.Object(
        { topic: Type.String(), seq: countSchema('Of the picture, as its `meta` tells it.') },
        { description: 'The best picture of the object so far, where one was taken.' },
      ),
    ),
  },
  { title: 'event', description: 'One step in the life of an object.' },
);

/** Topics `cam/{c}/event/{l}/{phase}`: one step in the life of an object. */
export type EventPayload = PayloadOf<typeof EVENT_SCHEMA>;
