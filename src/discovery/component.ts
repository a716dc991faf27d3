/*
 * What Home Assistant's MQTT discovery takes, as far as it is used here. The names are those on the
 * wire: https://www.home-assistant.io/integrations/mqtt/#mqtt-discovery
 */

/** A topic with `online` or `offline` on it. */
export interface AvailabilityTopic {
  readonly topic: string;
}

interface EntityFields {
  /** Short: Home Assistant puts the device's name before it. Null: the device's name alone. */
  readonly name: string | null;
  readonly entity_category?: 'config' | 'diagnostic';
  readonly enabled_by_default?: false;
  /** Wins over the document's; an empty list: always available. */
  readonly availability?: readonly AvailabilityTopic[];
}

/** Sensors are never of the category `config`: Home Assistant refuses the entity. */
interface ReadOnlyFields extends EntityFields {
  readonly entity_category?: 'diagnostic';
  readonly state_topic: string;
  readonly value_template?: string;
  /** Unavailable when nothing came for so long. */
  readonly expire_after?: number;
}

export interface BinarySensor extends ReadOnlyFields {
  readonly platform: 'binary_sensor';
  readonly device_class: 'connectivity' | 'motion' | 'occupancy' | 'problem';
  readonly payload_on?: string;
  readonly payload_off?: string;
}

export interface Sensor extends ReadOnlyFields {
  readonly platform: 'sensor';
  readonly device_class?: 'duration' | 'temperature' | 'timestamp';
  readonly state_class?: 'measurement';
  readonly unit_of_measurement?: string;
  readonly suggested_display_precision?: number;
}

export interface EventEntity extends EntityFields {
  readonly platform: 'event';
  readonly state_topic: string;
  readonly event_types: readonly string[];
  readonly value_template: string;
}

export interface ImageEntity extends EntityFields {
  readonly platform: 'image';
  readonly image_topic: string;
  readonly content_type: 'image/jpeg';
}

export interface CameraEntity extends EntityFields {
  readonly platform: 'camera';
  readonly topic: string;
}

/** What can be set, and tells on its state topic how it is set. */
interface SettingFields extends EntityFields {
  readonly state_topic: string;
  readonly command_topic: string;
}

export interface SwitchEntity extends SettingFields {
  readonly platform: 'switch';
}

export interface NumberEntity extends SettingFields, NumberRange {
  readonly platform: 'number';
  readonly mode: 'box' | 'slider';
  readonly unit_of_measurement?: string;
}

export interface SelectEntity extends SettingFields {
  readonly platform: 'select';
  readonly options: readonly string[];
}

export interface ButtonEntity extends EntityFields {
  readonly platform: 'button';
  readonly command_topic: string;
  readonly payload_press: string;
  readonly device_class?: 'restart';
}

export interface UpdateEntity extends SettingFields {
  readonly platform: 'update';
  readonly value_template: string;
  readonly payload_install: string;
}

/** An entity as it is described, before it has its ids. */
export type EntityBody =
  | BinarySensor
  | Sensor
  | EventEntity
  | ImageEntity
  | CameraEntity
  | SwitchEntity
  | NumberEntity
  | SelectEntity
  | ButtonEntity
  | UpdateEntity;

/** A device trigger. It fires on every message on its topic, so nothing there may be retained. */
export interface DeviceTrigger {
  readonly platform: 'device_automation';
  readonly automation_type: 'trigger';
  /** Home Assistant shows `"{subtype}" {type}`. */
  readonly type: string;
  readonly subtype: string;
  readonly topic: string;
  /** Fires only when the template gives this. */
  readonly payload?: string;
  readonly value_template?: string;
}

/** An entity with the ids that Home Assistant keeps it by. */
export type Entity = EntityBody & {
  readonly unique_id: string;
  /** `sensor.porch_person_count`: taken when the entity is made, from Home Assistant 2025.10 on. */
  readonly default_entity_id: string;
};

export type Component = Entity | DeviceTrigger;

export type Platform = Component['platform'];

/** Numbers that can be set. */
export interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** A device and all that belongs to it: the payload of `{prefix}/device/{id}/config`. */
export interface DeviceDocument {
  readonly device: {
    readonly identifiers: readonly string[];
    readonly name: string;
    readonly manufacturer: string;
    readonly model: string;
    readonly sw_version: string;
    readonly via_device?: string;
  };
  readonly origin: {
    readonly name: string;
    readonly sw_version: string;
    readonly support_url?: string;
  };
  readonly availability: readonly AvailabilityTopic[];
  /** With the default, `latest`, one topic would hide what the other says. */
  readonly availability_mode: 'all';
  readonly qos: 1;
  readonly components: Readonly<Record<string, Component>>;
}
