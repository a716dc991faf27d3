import { Type } from 'typebox';
import {
  amountSchema,
  MODEL_SCHEMA,
  orNull,
  timestampSchema,
  versionField,
  wordSchema,
} from './common-schemas.js';
import type { PayloadOf } from './payload-of.js';

const ENGINE = Type.Object(
  {
    name: wordSchema(['litert', 'tfjs']),
    kernels: orNull(
      wordSchema(['xnnpack', 'builtin'], "Kind of LiteRT's kernels; null for the other engine."),
    ),
    form: wordSchema(
      ['original', 'rewritten'],
      '`rewritten`: to arithmetic that is faster to compute.',
    ),
    threads: Type.Integer({ minimum: 1 }),
    inference_ms: amountSchema('What one inference takes, by the measurement that chose it.'),
    cpu_ms: amountSchema('Processor time of all its threads.'),
  },
  { description: 'How the model is run.' },
);

const SETTING = Type.Object({
  topic: Type.String({ description: 'Of its commands, below the node.' }),
  value: Type.String({ description: 'That is in force.' }),
  configured: Type.String({ description: 'That the configuration gives.' }),
});

const CAPABILITIES = Type.Object({
  commands: Type.Array(Type.String(), { description: 'That are obeyed.' }),
  images: Type.Boolean({ description: 'Whether pictures may leave the detector.' }),
  discovery: Type.Boolean({ description: 'Whether Home Assistant is told what there is.' }),
  live_page: Type.Boolean({ description: 'Whether there is one.' }),
});

export const INFO_SCHEMA = Type.Object(
  {
    ...versionField,
    version: Type.String({ description: 'Of Lookout.' }),
    boot_id: Type.String({ description: 'Of this run of the process.' }),
    started_at: timestampSchema('Start of this run.'),
    host: Type.String({ description: 'What this machine is.' }),
    cameras: Type.Array(
      Type.Object({
        id: Type.String(),
        source: Type.String(),
        zones: Type.Array(Type.String(), { description: 'Ids of its zones.' }),
      }),
    ),
    labels: Type.Array(Type.String(), { description: 'Those that are followed.' }),
    model: orNull(MODEL_SCHEMA),
    engine: ENGINE,
    config_hash: Type.String({ description: 'Of the effective configuration.' }),
    settings: Type.Array(SETTING, {
      description: 'What commands have set, where it differs from the configuration.',
    }),
    capabilities: CAPABILITIES,
    protocol: Type.Union([Type.Literal(4), Type.Literal(5)], {
      description: 'MQTT version of this connection: 4 is MQTT 3.1.1, 5 is MQTT 5.',
    }),
  },
  { title: 'info', description: 'What this process is and runs.' },
);

/** Topic `info`: what this process is and runs. */
export type InfoPayload = PayloadOf<typeof INFO_SCHEMA>;

/** How the model is run, and what one inference takes by the measurement that chose it. */
export type EnginePayload = InfoPayload['engine'];
