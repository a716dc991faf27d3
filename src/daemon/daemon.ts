import { randomUUID } from 'node:crypto';
import type { LoadedConfig } from '../config/load-config.js';
import type { BrokerSecrets } from '../config/secrets.js';
import { FramePool } from '../domain/frame-pool.js';
import { ScoreThresholds } from '../domain/score-thresholds.js';
import { RestartWanted } from '../errors.js';
import { Problems } from '../health/problems.js';
import type { AdjustableLog } from '../log/create-log.js';
import { LogDigest } from '../log/log-digest.js';
import type { Log } from '../log.js';
import type { Pipeline } from '../pipeline/pipeline.js';
import type { StateUpdate } from '../publishing/publisher.js';
import type { Supervisor } from '../supervision/supervisor.js';
import { startCommands } from './commands.js';
import { startHealth } from './health.js';
import { InfoTopic } from './info-topic.js';
import { LatestHealth } from './latest-health.js';
import { publishedLog } from './log-topic.js';
import { modelAnnouncer } from './model-announcement.js';
import { followModels, modelLooker } from './model-list.js';
import { startModelSide } from './model-side.js';
import type { MqttSide } from './mqtt-side.js';
import { describeNode } from './node-description.js';
import { openOutlets } from './outlets.js';
import { wirePipeline } from './pipeline-wiring.js';
import { startPlanner } from './planning.js';
import { Relay } from './relay.js';
import { startReloading } from './reload.js';
import { commandPolicy } from './remote-control.js';
import { SettingMemory } from './setting-memory.js';
import { stateFolder } from './state-folder.js';
import { startSupervision } from './supervision.js';
import { tellSettings } from './told-settings.js';
import { createSource, startDetector } from './wiring.js';

/** What the daemon is to do, and what it needs from its process. */
export interface DaemonJob {
  /** Of this package. */
  readonly version: string;
  readonly loaded: LoadedConfig;
  readonly secrets: BrokerSecrets;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly log: AdjustableLog;
  /** Reads the configuration anew. */
  readonly loadConfig: () => Promise<LoadedConfig>;
  /** Names whom to call when a reload is asked for. */
  readonly onReload: (listener: () => void) => void;
  /** How many ports are tried for the live page while they are taken; 1 unless given. */
  readonly portTries?: number;
  /** Is told where the live page is. */
  readonly onLivePage?: (url: string) => void;
}

/**
 * Runs until the source is through or `signal` is aborted. What is started first is released last:
 * the publisher says good-bye when nothing more can happen.
 * @throws ModelError when the first model cannot be used, RestartWanted when it was asked to end so
 * that it is started again, and whatever ends the pipeline.
 */
export async function runDaemon(job: DaemonJob, signal: AbortSignal): Promise<void> {
  const { env, loaded } = job;
  const { config } = loaded;
  using told = publishedLog(job.log, config);
  const { log } = told;
  const policy = commandPolicy(config);
  const restart = new AbortController();
  const stop = AbortSignal.any([signal, restart.signal]);
  const ended = new AbortController();

  // These stand for what is made later than those that need it.
  const states = new Relay<StateUpdate>();
  const settingChanges = new Relay<void>();
  const health = new LatestHealth();
  const tell = states.say;
  const identity = { version: job.version, bootId: randomUUID(), startedAtMs: Date.now() };
  const problems = new Problems((id, alert) => tell({ kind: 'alert', id, alert }));
  const isClockSynced = (): boolean | null => health.isClockSynced;
  const stateDir = stateFolder(config, env);
  // Each part says in its own type what it takes of these.
  const shared = { ...job, ...identity, config, log, stateDir, tell, problems, isClockSynced };

  // First a model that serves: without one there is nothing to tell.
  const pool = new FramePool();
  const source = createSource(config.camera, { env, log, pool });
  const thresholds = new ScoreThresholds(config.model.threshold);
  await using detector = startDetector(() => thresholds.lowest, pool);
  using supervision = startSupervision(env, log);
  using failures = new LogDigest(log, 'Cannot detect');
  const planner = await startPlanner(config, env, log);
  const memoryParts = { ...shared, onChange: settingChanges.say };
  await using memory = await SettingMemory.start(memoryParts, log);
  const modelParts = { ...shared, planner, memory, source, detector };
  const model = await startModelSide(modelParts, log, signal);

  // Only now, so that the first announcement is complete: what a run that was killed has left
  // behind on the broker is put right before anyone is told that we are online.
  await using outlets = await openOutlets({ ...shared, model, detector, told }, log, signal);
  const { publisher, homeAssistant } = outlets;
  states.to((update) => {
    memory.look(update);
    publisher.setState(update);
  });
  problems.repeat();
  const { models, choice, firstModel } = model;
  const node = { ...identity, ...describeNode(config) };
  const info = new InfoTopic({ node, loaded, models, memory, tell });
  const look = modelLooker(choice, homeAssistant, tell);
  const audience = { ...shared, ...outlets, models, thresholds, info };
  const announce = modelAnnouncer(audience, log);
  announce(firstModel);
  const tellSettingChange = (): void => {
    problems.report('settings', memory.problem);
    info.tell();
  };
  settingChanges.to(tellSettingChange);

  // Then the path of a frame, and whatever changes how it goes.
  using path = wirePipeline(
    { ...shared, ...outlets, ...supervision, source, pool, detector, thresholds, failures },
    log,
  );
  const reloadParts = { ...shared, ...path, model, memory, info, announce, look };
  const reload = startReloading(reloadParts, log, ended.signal);
  void followModels(look, ended.signal);
  const commanded = { ...shared, ...outlets, ...model, ...path, memory, thresholds };
  await using commands = startCommands({ ...commanded, policy, health, reload, restart }, log);
  using reports = startHealth({ ...shared, ...supervision, ...outlets, ...path, models, commands });
  health.from(reports);

  // The broker hears of us when all is in force again that was set before.
  await look();
  tellSettings(config, { ...outlets, ...path }, tell);
  await memory.makeAgain((topic, value, signal) => commands.set(topic, value, signal), stop);
  tellSettingChange();
  outlets.open((message) => commands.receive(message));
  await run({ ...supervision, ...outlets, ...path, ended, log }, stop);
  if (restart.signal.aborted) throw new RestartWanted('Ended to be started again, as asked for');
}

/** What the end of the pipeline matters to. */
interface RunParts {
  readonly pipeline: Pipeline;
  readonly abandon: MqttSide['abandon'];
  readonly supervisor: Supervisor;
  readonly ended: AbortController;
  readonly log: Log;
}

/** Runs the pipeline to its end, and tells the service manager of that end as soon as it is near. */
async function run(
  { pipeline, abandon, supervisor, ended, log }: RunParts,
  stop: AbortSignal,
): Promise<void> {
  const sayStopping = (): void => supervisor.notify('stopping');
  stop.addEventListener('abort', sayStopping, { once: true });
  try {
    await pipeline.run(stop);
  } catch (error) {
    if (!stop.aborted) abandon();
    throw error;
  } finally {
    stop.removeEventListener('abort', sayStopping);
    if (!stop.aborted) sayStopping();
    ended.abort();
    const { framesIn, detected, dropped } = pipeline.counts;
    log.info('Stopped', { framesIn, detected, ...dropped });
  }
}
