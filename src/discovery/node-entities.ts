import type { DiscoveryInput } from './discovery-input.js';
import { CONFIG, DIAGNOSTIC, type Draft, OFF_AT_FIRST } from './draft.js';
import { stateAt, UPDATE_TEMPLATE, valueAt } from './templates.js';

const YES_NO = { true: 'ON', false: 'OFF' };

/** What the node's device can show. */
export function nodeDrafts(input: DiscoveryInput): readonly Draft[] {
  return [...healthDrafts(input), ...modelDrafts(input), ...controlDrafts(input)];
}

function healthDrafts({ topics, features, healthIntervalS }: DiscoveryInput): readonly Draft[] {
  // It is told at every interval, so a value that stays away is no longer true.
  const health = {
    state_topic: topics.health,
    expire_after: Math.ceil(3 * healthIntervalS),
    ...DIAGNOSTIC,
  };
  const problem = { platform: 'binary_sensor', device_class: 'problem', ...health } as const;
  const measured = { platform: 'sensor', state_class: 'measurement', ...health } as const;
  return [
    {
      key: 'connected',
      level: 'minimal',
      when: true,
      body: {
        platform: 'binary_sensor',
        name: 'Connected',
        device_class: 'connectivity',
        state_topic: topics.status,
        payload_on: 'online',
        payload_off: 'offline',
        // It tells of the availability and must not vanish with it.
        availability: [],
        ...DIAGNOSTIC,
      },
    },
    {
      key: 'problem',
      level: 'minimal',
      when: features.health,
      body: {
        ...problem,
        name: 'Problem',
        value_template: stateAt(['level'], { ok: 'OFF', degraded: 'ON', failed: 'ON' }),
      },
    },
    {
      key: 'throttled',
      level: 'standard',
      when: features.health && features.throttling,
      body: {
        ...problem,
        name: 'Throttled',
        value_template: stateAt(['host', 'throttled', 'now'], YES_NO),
      },
    },
    {
      key: 'undervoltage',
      level: 'standard',
      when: features.health && features.throttling,
      body: {
        ...problem,
        name: 'Under-voltage',
        value_template: stateAt(['host', 'throttled', 'undervoltage'], YES_NO),
      },
    },
    {
      key: 'cpu_temperature',
      level: 'standard',
      when: features.health && features.cpuTemperature,
      body: {
        ...measured,
        name: 'CPU temperature',
        device_class: 'temperature',
        unit_of_measurement: '°C',
        suggested_display_precision: 1,
        value_template: valueAt('host', 'cpu_temp_c'),
      },
    },
    {
      key: 'inference_ms',
      level: 'standard',
      when: features.health,
      body: {
        ...measured,
        name: 'Inference time',
        device_class: 'duration',
        unit_of_measurement: 'ms',
        value_template: valueAt('inference', 'ms', 'p50'),
        ...OFF_AT_FIRST,
      },
    },
    {
      key: 'outbox',
      level: 'all',
      when: features.health && features.outbox,
      body: {
        ...measured,
        name: 'Events waiting for the broker',
        value_template: valueAt('mqtt', 'events_waiting'),
        ...OFF_AT_FIRST,
      },
    },
  ];
}

function modelDrafts({ topics, features, models }: DiscoveryInput): readonly Draft[] {
  return [
    {
      key: 'model_name',
      level: 'standard',
      when: true,
      body: {
        platform: 'sensor',
        name: 'Model',
        state_topic: topics.modelState,
        value_template: valueAt('active', 'name'),
        ...DIAGNOSTIC,
      },
    },
    {
      key: 'model',
      level: 'standard',
      when: features.setModel && models.length > 0,
      body: {
        platform: 'select',
        name: 'Active model',
        options: models,
        state_topic: topics.setting('model'),
        command_topic: topics.set('model'),
        ...CONFIG,
      },
    },
    {
      key: 'model_rollback',
      level: 'standard',
      when: features.rollBackModel,
      body: {
        platform: 'button',
        name: 'Roll model back',
        command_topic: topics.request('model/rollback'),
        payload_press: '{}',
        ...CONFIG,
      },
    },
    {
      key: 'model_update',
      level: 'standard',
      when: features.modelUpdate && features.loadModel,
      body: {
        platform: 'update',
        name: 'Model update',
        state_topic: topics.modelUpdate,
        value_template: UPDATE_TEMPLATE,
        command_topic: topics.request('model/load'),
        payload_install: '{"args":{"latest":true}}',
        ...CONFIG,
      },
    },
  ];
}

function controlDrafts({ topics, features, ...input }: DiscoveryInput): readonly Draft[] {
  return [
    {
      key: 'restart',
      level: 'standard',
      when: features.restart,
      body: {
        platform: 'button',
        name: 'Restart',
        device_class: 'restart',
        command_topic: topics.request('restart'),
        payload_press: '{}',
        ...CONFIG,
      },
    },
    {
      key: 'log_level',
      level: 'all',
      when: features.setLogLevel && input.logLevels.length > 0,
      body: {
        platform: 'select',
        name: 'Log level',
        options: input.logLevels,
        state_topic: topics.setting('log_level'),
        command_topic: topics.set('log_level'),
        ...CONFIG,
      },
    },
    {
      key: 'inference_max_fps',
      level: 'all',
      when: features.setInferenceMaxFps,
      body: {
        platform: 'number',
        name: 'Inference rate limit',
        ...input.ranges.inferenceMaxFps,
        mode: 'box',
        unit_of_measurement: 'fps',
        state_topic: topics.setting('inference_max_fps'),
        command_topic: topics.set('inference_max_fps'),
        ...CONFIG,
      },
    },
  ];
}
