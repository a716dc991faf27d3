import { coalesce } from '../async/coalesce.js';
import type { LoadedConfig } from '../config/load-config.js';
import type { Problems } from '../health/problems.js';
import type { Log } from '../log.js';
import type { ServingModel } from '../models/model-manager.js';
import { watchFiles } from '../models/model-watcher.js';
import type { FrameObserver } from './frame-observer.js';
import type { InfoTopic } from './info-topic.js';
import type { ModelSide } from './model-side.js';
import type { SettingMemory } from './setting-memory.js';
import { takeOver } from './take-over.js';

/** What a reload reads, changes and is told to. */
export interface ReloadParts {
  /** The configuration that holds at the start. */
  readonly loaded: LoadedConfig;
  /** Reads the configuration anew. */
  readonly loadConfig: () => Promise<LoadedConfig>;
  /** Names whom to call when a reload is asked for. */
  readonly onReload: (listener: () => void) => void;
  readonly model: Pick<ModelSide, 'models' | 'wish' | 'filesBefore'>;
  readonly memory: Pick<SettingMemory, 'configureModel'>;
  readonly info: Pick<InfoTopic, 'configure'>;
  readonly observer: Pick<FrameObserver, 'reloading' | 'reloaded'>;
  readonly problems: Problems;
  /** Tells of the model that serves after it. */
  readonly announce: (serving: ServingModel) => void;
  /** Looks which other models there are, and tells of them. */
  readonly look: () => Promise<void>;
}

/**
 * From now on the configuration is read again, and the model that is wanted brought in, whenever
 * somebody asks for it, or a file of the model is another one; that is watched until `signal` is
 * aborted. Gives what asks for it, of which the promise settles when it is done.
 */
export function startReloading(
  parts: ReloadParts,
  log: Log,
  signal: AbortSignal,
): () => Promise<void> {
  const { loaded, loadConfig, memory, info, observer, problems } = parts;
  const { models, wish, filesBefore } = parts.model;
  const onVerdict = (refusal: string | null): void => problems.report('config_rejected', refusal);
  let current = loaded;
  const reload = coalesce(async () => {
    log.info('Reloading');
    observer.reloading();
    current = await takeOver(current, { loadConfig, log, onVerdict });
    // First of all: what the others make of the configuration is told together with it.
    info.configure(current);
    wish.configure(current.config);
    memory.configureModel(current.config);
    const serving = await models.reload(wish.source);
    if (serving) {
      parts.announce(serving);
      void parts.look();
    }
    observer.reloaded();
  });
  const onChange = (): void => void reload();
  parts.onReload(onChange);
  if (loaded.config.model.watch) {
    void watchFiles({ files: () => wish.files, known: filesBefore, onChange }, signal);
  }
  return reload;
}
