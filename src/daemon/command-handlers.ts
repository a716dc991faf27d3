import type { CommandHandlers } from '../commands/command-table.js';
import type { Config } from '../config/schema.js';
import type { HealthPayload } from '../contract/health-schema.js';
import { ModelError } from '../errors.js';
import { findModelBeside, modelsBeside } from '../models/model-folder.js';
import type { ModelManager } from '../models/model-manager.js';
import { type CameraParts, cameraHandlers, limitOf } from './camera-handlers.js';
import { lookForModels, type ModelChoice } from './model-list.js';
import type { ModelWish } from './model-wish.js';
import type { SettingMemory } from './setting-memory.js';

export type LogLevel = Config['log']['level'];

/** What commands act upon. */
export interface CommandedParts extends CameraParts {
  readonly version: string;
  readonly bootId: string;
  readonly models: Pick<ModelManager, 'state'>;
  readonly wish: ModelWish;
  readonly choice: ModelChoice;
  readonly memory: Pick<SettingMemory, 'keepModel'>;
  readonly announce: () => void;
  /** Clears what an earlier run has left; gives the topics. */
  readonly clearRetained: () => Promise<readonly string[]>;
  readonly health: () => HealthPayload | null;
  /** Reads the configuration again and brings in the model that is wanted. */
  readonly reload: () => Promise<void>;
  readonly restart: () => void;
  readonly setLogLevel: (level: LogLevel) => void;
}

/** What each command does here. */
export function commandHandlers(parts: CommandedParts): Required<CommandHandlers> {
  const { version, bootId, models, wish, choice, memory, publisher } = parts;
  const bringIn = async (file: string): Promise<void> => {
    wish.ask(file);
    await parts.reload();
    const { phase, active, error } = models.state;
    if (phase !== 'rejected') {
      if (active !== null) memory.keepModel(active.name);
      return;
    }
    wish.takeBack();
    throw new ModelError(error?.detail ?? 'the model was refused', { code: 'unsupported' });
  };
  const told = (name: string, value: string): void => {
    publisher.setState({ kind: 'setting', scope: 'node', name, value });
  };
  const setLogLevel = (level: LogLevel): void => {
    parts.setLogLevel(level);
    told('log_level', level);
  };
  const beside = (wanted: string): Promise<string> => findModelBeside(wish.source.file, wanted);
  return {
    ping: () => ({ version, boot_id: bootId }),
    health: () => parts.health(),
    announce: () => parts.announce(),
    clear_retained: async () => ({ cleared: (await parts.clearRetained()).length }),
    'model/list': async () => {
      const listed = await modelsBeside(wish.source.file);
      return listed.map(({ name }) => ({ name, active: name === models.state.active?.name }));
    },
    'model/load': async ({ file, name, latest }) => {
      if (!latest) return await bringIn(await beside(file ?? name ?? ''));
      const { newer } = await lookForModels(choice);
      if (newer !== null) await bringIn(newer.file);
    },
    'model/rollback': async () => {
      if (wish.previousFile === null) throw new Error('there was no other model before this one');
      await bringIn(wish.previousFile);
    },
    reload: () => parts.reload(),
    // Not at once: the answer has to get out.
    restart: () => void setImmediate(parts.restart),
    log_level: ({ level }) => setLogLevel(level),
    'set/log_level': ({ value }) => setLogLevel(value),
    'set/inference_max_fps': ({ value }) => {
      parts.pipeline.limitInference(limitOf(value));
      told('inference_max_fps', String(value));
    },
    'set/model': async ({ value }) => await bringIn(await beside(value)),
    ...cameraHandlers(parts),
  };
}
