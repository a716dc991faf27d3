import type { FrameSource } from '../camera/frame-source.js';
import type { Config } from '../config/schema.js';
import type { Frame } from '../domain/frame.js';
import type { ModelState } from '../domain/model-state.js';
import type { Problems } from '../health/problems.js';
import type { Log } from '../log.js';
import { type ModelHost, ModelManager, type ServingModel } from '../models/model-manager.js';
import { type FilesState, filesState } from '../models/model-watcher.js';
import type { Publisher } from '../publishing/publisher.js';
import type { ModelPlanner } from '../tuning/model-planner.js';
import type { ModelChoice } from './model-list.js';
import { ModelWish } from './model-wish.js';
import type { SettingMemory } from './setting-memory.js';
import { firstFrames } from './trial-frames.js';

/** What the daemon's side of models needs of it. */
export interface ModelSideParts {
  readonly config: Pick<Config, 'model'>;
  readonly planner: ModelPlanner;
  readonly memory: Pick<SettingMemory, 'wishModel' | 'startModel'>;
  /** Nobody else's until the first model serves. */
  readonly source: FrameSource;
  readonly detector: ModelHost & { copyOfLastFrame(): Frame | null };
  readonly problems: Problems;
  readonly tell: Publisher['setState'];
}

/** Which model is wanted, and which one serves. */
export interface ModelSide {
  readonly models: ModelManager;
  readonly wish: ModelWish;
  readonly choice: ModelChoice;
  /** The model that serves at first. */
  readonly firstModel: ServingModel;
  /** Of the files of the first wish, before they were read. */
  readonly filesBefore: FilesState;
}

/**
 * Brings in the first model. From then on the source is free.
 * @throws ModelError when it cannot be used.
 */
export async function startModelSide(
  { config, planner, memory, source, detector, problems, tell }: ModelSideParts,
  log: Log,
  signal: AbortSignal,
): Promise<ModelSide> {
  const trialFrames = async (): Promise<readonly Frame[]> => {
    if (models.serving === null) return await firstFrames(source, log, signal);
    // The camera is the pipeline's now, and the detector has its frames.
    return [detector.copyOfLastFrame()].filter((frame) => frame !== null);
  };
  const onState = (state: ModelState): void => {
    tell({ kind: 'model', state });
    if (state.phase === 'rejected') problems.report('model_rejected', state.error?.detail ?? '');
    if (state.phase === 'active') problems.report('model_rejected', null);
  };
  const models: ModelManager = new ModelManager({
    host: detector,
    plan: (read) => planner.plan(read, trialFrames, signal),
    log,
    onState,
  });
  const wish = new ModelWish(config);
  await memory.wishModel(wish);
  const filesBefore = await filesState(wish.files);
  const firstModel = await memory.startModel(models, wish);
  const choice = {
    file: () => wish.source.file,
    active: () => models.state.active?.name ?? null,
    refused: () =>
      models.state.phase === 'rejected' ? (models.state.candidate?.file ?? null) : null,
  };
  return { models, wish, choice, firstModel, filesBefore };
}
