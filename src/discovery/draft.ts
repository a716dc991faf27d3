import type { DeviceTrigger, EntityBody } from './component.js';
import type { EntityLevel } from './discovery-input.js';

/** Something that may be shown, and when. */
export interface Draft {
  /** Names it within its device for ever: its unique id is made of it. */
  readonly key: string;
  /** The first level that has it. */
  readonly level: EntityLevel;
  /** Whether what it needs exists. */
  readonly when: boolean;
  readonly body: EntityBody | DeviceTrigger;
}

/** Entities that tell how the machine does, not what it sees. */
export const DIAGNOSTIC = { entity_category: 'diagnostic' } as const;
/** Entities to set something with. */
export const CONFIG = { entity_category: 'config' } as const;
/** Entities that Home Assistant makes but does not use until somebody wants them. */
export const OFF_AT_FIRST = { enabled_by_default: false } as const;

const LEVELS: readonly EntityLevel[] = ['minimal', 'standard', 'all'];

/** Whether a draft belongs to what is shown at a level. */
export function isShown({ level, when }: Draft, shown: EntityLevel): boolean {
  return when && LEVELS.indexOf(level) <= LEVELS.indexOf(shown);
}
