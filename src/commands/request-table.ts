import { ID, LOG_LEVEL, NAME, PATH, QUICK_S, type RequestSpec } from './command-spec.js';

const NO_ARGS = {
  type: 'object',
  properties: {},
  required: [],
  additionalProperties: false,
} as const;

const ONE_CAMERA = {
  type: 'object',
  properties: { camera: ID },
  required: [],
  additionalProperties: false,
} as const;

/** Verbs of `request/{verb}`. Types of arguments, their check and the documentation come from here. */
export const REQUESTS = {
  ping: {
    kind: 'request',
    doc: 'Answers, which shows that commands arrive.',
    args: NO_ARGS,
    changes: false,
    limitS: QUICK_S,
  },
  health: {
    kind: 'request',
    doc: 'Answers with what the topic `health` would say, at most 10 s old.',
    args: NO_ARGS,
    changes: false,
    limitS: QUICK_S,
  },
  announce: {
    kind: 'request',
    doc: 'Publishes everything retained again: discovery, states and `status`.',
    args: NO_ARGS,
    changes: false,
    limitS: QUICK_S,
  },
  snapshot: {
    kind: 'request',
    doc: 'Publishes a picture of now at `cam/CAMERA/image/latest`; without `camera`, of the only one.',
    args: ONE_CAMERA,
    changes: false,
    limitS: QUICK_S,
  },
  'model/list': {
    kind: 'request',
    doc: 'Answers with the models there are.',
    args: NO_ARGS,
    changes: false,
    limitS: QUICK_S,
  },
  'model/load': {
    kind: 'request',
    doc: 'Brings in another model, by the path of its file, by its name in `model/list`, or with `latest` the one that `model/update` tells of.',
    args: {
      type: 'object',
      properties: { file: PATH, name: NAME, latest: { enum: [true] } },
      required: [],
      minProperties: 1,
      maxProperties: 1,
      additionalProperties: false,
    },
    changes: true,
    limitS: 300,
  },
  'model/rollback': {
    kind: 'request',
    doc: 'Brings back the model before this one.',
    args: NO_ARGS,
    changes: true,
    limitS: 300,
  },
  reload: {
    kind: 'request',
    doc: 'Reads the configuration again and puts into force what can change while running.',
    args: NO_ARGS,
    changes: true,
    limitS: 300,
  },
  restart: {
    kind: 'request',
    doc: 'Ends Lookout, so that systemd starts it again.',
    args: NO_ARGS,
    changes: true,
    limitS: QUICK_S,
  },
  'camera/restart': {
    kind: 'request',
    doc: 'Starts a camera again; without `camera`, the only one.',
    args: ONE_CAMERA,
    changes: true,
    limitS: 30,
  },
  log_level: {
    kind: 'request',
    doc: 'Sets the least important lines that are logged, until the next start.',
    args: {
      type: 'object',
      properties: { level: LOG_LEVEL },
      required: ['level'],
      additionalProperties: false,
    },
    changes: true,
    limitS: QUICK_S,
  },
  clear_retained: {
    kind: 'request',
    doc: 'Clears retained topics that Lookout published once and no longer does.',
    args: NO_ARGS,
    changes: true,
    limitS: 30,
  },
} as const satisfies Record<string, RequestSpec>;
