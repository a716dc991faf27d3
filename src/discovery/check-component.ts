import type { Component, Platform } from './component.js';

/** What Home Assistant cannot do without, besides the ids. */
const REQUIRED_KEYS: Readonly<Record<Platform, readonly string[]>> = {
  binary_sensor: ['state_topic'],
  sensor: ['state_topic'],
  event: ['state_topic', 'event_types'],
  image: ['image_topic', 'content_type'],
  camera: ['topic'],
  switch: ['state_topic', 'command_topic'],
  number: ['state_topic', 'command_topic', 'min', 'max', 'step'],
  select: ['state_topic', 'command_topic', 'options'],
  button: ['command_topic'],
  update: ['state_topic', 'command_topic'],
  device_automation: ['automation_type', 'type', 'subtype', 'topic'],
};

/** They belong to the document, are no longer taken, or mean something else than they seem to. */
const FORBIDDEN_KEYS = ['object_id', '~', 'v', 'device', 'origin', 'components', 'image_encoding'];

/** The units that are used here, of those that Home Assistant knows for a class. */
const CLASS_UNITS: Readonly<Record<string, readonly string[]>> = {
  duration: ['ms', 's', 'min', 'h'],
  temperature: ['°C'],
};

const UNITLESS_CLASSES = ['timestamp', 'enum'];
const MIN_STEP = 0.001;

/** A component with whatever keys it has. */
type Fields = Readonly<Record<string, unknown>>;

/** What Home Assistant would refuse or misunderstand in one component; empty when all is well. */
export function componentProblems(component: Component): readonly string[] {
  const fields: Fields = { ...component };
  const required = REQUIRED_KEYS[component.platform];
  if (required === undefined) {
    const known = Object.keys(REQUIRED_KEYS).join(', ');
    return [`unknown platform "${fields.platform}": valid are ${known}`];
  }
  return [
    ...required.filter((key) => fields[key] === undefined).map((key) => `"${key}" is missing`),
    ...FORBIDDEN_KEYS.filter((key) => key in fields).map((key) => `"${key}" is not allowed`),
    ...emptyValues(fields),
    ...(component.platform === 'device_automation' ? [] : idProblems(fields)),
    ...sensorProblems(component.platform, fields),
    ...rangeProblems(component.platform, fields),
  ];
}

/** A null name says that the device's own will do; any other null or empty value loses the entity. */
function emptyValues(fields: Fields): readonly string[] {
  return Object.entries(fields)
    .filter(([key, value]) => {
      if (value === null) return key !== 'name';
      return value === '' || (Array.isArray(value) && value.length === 0 && key !== 'availability');
    })
    .map(([key]) => `"${key}" is empty`);
}

function idProblems({ platform, unique_id, default_entity_id: entityId }: Fields): string[] {
  const problems: string[] = [];
  if (typeof unique_id !== 'string') problems.push('"unique_id" is missing');
  if (typeof entityId !== 'string' || !/^[a-z_]+\.[a-z0-9_]+$/.test(entityId)) {
    problems.push(`"default_entity_id" is "${entityId}", not of the form ${platform}.name`);
  } else if (!entityId.startsWith(`${platform}.`)) {
    problems.push(`"default_entity_id" is "${entityId}", but the platform is ${platform}`);
  }
  return problems;
}

function sensorProblems(platform: Platform, fields: Fields): string[] {
  if (platform !== 'sensor' && platform !== 'binary_sensor') return [];
  const { device_class, unit_of_measurement: unit, entity_category } = fields;
  const problems: string[] = [];
  if (entity_category !== undefined && entity_category !== 'diagnostic') {
    problems.push(`"entity_category" is "${entity_category}", a sensor's may be diagnostic only`);
  }
  if (typeof device_class !== 'string') return problems;
  if (UNITLESS_CLASSES.includes(device_class) && unit !== undefined) {
    problems.push(`the class ${device_class} has no unit, found "${unit}"`);
  }
  const units = CLASS_UNITS[device_class];
  if (units && !units.includes(String(unit))) {
    problems.push(`unit "${unit}" does not fit the class ${device_class}: ${units.join(', ')}`);
  }
  return problems;
}

function rangeProblems(platform: Platform, { min, max, step }: Fields): string[] {
  if (platform !== 'number') return [];
  const problems: string[] = [];
  if (!(Number(min) < Number(max))) problems.push(`"min" ${min} is not below "max" ${max}`);
  if (!(Number(step) >= MIN_STEP)) problems.push(`"step" ${step} is below ${MIN_STEP}`);
  return problems;
}
