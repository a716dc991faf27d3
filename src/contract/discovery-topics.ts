/** Topics at which Home Assistant looks for devices. */
export const DISCOVERY_TOPICS = {
  discovery: {
    pattern: 'device/{device}/config',
    root: '{prefix}',
    payload: 'discovery',
    retain: 'discovery.retain',
    qos: 1,
    expiry: null,
    doc: 'What Home Assistant is told of the machine and of each camera; see [Home Assistant](home-assistant.md).',
  },
  discoveryComponent: {
    pattern: '{platform}/{device}/{entity}/config',
    root: '{prefix}',
    payload: 'discovery',
    retain: 'discovery.retain',
    qos: 1,
    expiry: null,
    doc: 'The same of one entity, with `discovery.mode: component`.',
  },
} as const;
