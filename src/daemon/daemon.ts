import { randomUUID } from 'node:crypto';
import { coalesce } from '../async/coalesce.js';
import { configHash } from '../config/config-hash.js';
import type { LoadedConfig } from '../config/load-config.js';
import type { BrokerSecrets } from '../config/secrets.js';
import type { Frame } from '../domain/frame.js';
import { FramePool } from '../domain/frame-pool.js';
import type { ModelState } from '../domain/model-state.js';
import { ScoreThresholds } from '../domain/score-thresholds.js';
import { RestartWanted } from '../errors.js';
import { collectGarbageSoon } from '../free-memory.js';
import { FrameMeter } from '../health/frame-meter.js';
import { Problems } from '../health/problems.js';
import type { AdjustableLog } from '../log/create-log.js';
import { LogDigest } from '../log/log-digest.js';
import { ModelManager, type ServingModel } from '../models/model-manager.js';
import { filesState, watchFiles } from '../models/model-watcher.js';
import type { FrameCounts } from '../pipeline/frame-counts.js';
import { Pipeline } from '../pipeline/pipeline.js';
import type { Publisher } from '../publishing/publisher.js';
import { Liveness } from '../supervision/liveness.js';
import { findServiceManager } from '../supervision/service-manager.js';
import { startWatchdog } from '../supervision/watchdog.js';
import { startCameraWatch } from './camera-watching.js';
import { commandHandlers } from './command-handlers.js';
import { withPictures } from './event-pictures.js';
import { followedLabels, unknownLabels } from './followed-labels.js';
import { FrameObserver } from './frame-observer.js';
import { startHealth } from './health.js';
import { startLivePage, withLivePage } from './live.js';
import { publishedLog } from './log-topic.js';
import { followModels, modelNames } from './model-list.js';
import { ModelWish } from './model-wish.js';
import { startMotion } from './motion-wiring.js';
import { startMqttSide } from './mqtt-side.js';
import { clearLeftovers } from './mqtt-wiring.js';
import { describeNode } from './node-description.js';
import { openPictures } from './pictures.js';
import { startPlanner } from './planning.js';
import { takeOver } from './reload.js';
import { commandPolicy, startRemoteControl } from './remote-control.js';
import { SettingMemory } from './setting-memory.js';
import { stateFolder } from './state-folder.js';
import { openStreams } from './stream-wiring.js';
import { tellSettings, tellThresholds } from './told-settings.js';
import { firstFrames } from './trial-frames.js';
import { createSource, createTracking, startDetector, steadyCamera } from './wiring.js';

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
  const { env } = job;
  using told = publishedLog(job.log, job.loaded.config);
  const { log } = told;
  const { config } = job.loaded;
  const policy = commandPolicy(config);
  const identity = { version: job.version, bootId: randomUUID(), startedAtMs: Date.now() };
  const pool = new FramePool();
  const liveness = new Liveness();
  const { supervisor, pingIntervalMs, isWatched } = findServiceManager(env, log);
  const ended = new AbortController();
  const restart = new AbortController();
  const source = createSource(config.camera, { env, log, pool });

  const thresholds = new ScoreThresholds(config.model.threshold);
  await using detector = startDetector(() => thresholds.lowest, pool);
  using watchdog = startWatchdog(liveness, supervisor, pingIntervalMs, log);
  using failures = new LogDigest(log, 'Cannot detect');

  let current = job.loaded;
  let tell: Publisher['setState'] = () => {};
  const meter = new FrameMeter();
  const problems = new Problems((id, alert) => tell({ kind: 'alert', id, alert }));
  const modelState = (state: ModelState): void => {
    tell({ kind: 'model', state });
    if (state.phase === 'rejected') problems.report('model_rejected', state.error?.detail ?? '');
    if (state.phase === 'active') problems.report('model_rejected', null);
  };
  const planner = await startPlanner(config, env, log);
  let trialFrames = (): Promise<readonly Frame[]> => firstFrames(source, log, signal);
  const models = new ModelManager({
    host: detector,
    plan: (read) => planner.plan(read, trialFrames, signal),
    log,
    onState: modelState,
  });
  const stateDir = stateFolder(config, env);
  let onSettings = (): void => {};
  const onChange = (): void => onSettings();
  await using memory = await SettingMemory.start({ config, stateDir, onChange }, log);
  const wish = new ModelWish(config);
  await memory.wishModel(wish);
  const filesBefore = await filesState(wish.files);
  const firstModel = await memory.startModel(models, wish);
  // From now on the camera is the pipeline's, and the detector has its frames.
  trialFrames = async () => [detector.copyOfLastFrame()].filter((frame) => frame !== null);

  // Only now, so that the first announcement is complete: what a run that was killed has left
  // behind on the broker is put right before anyone is told that we are online.
  const choice = { file: () => wish.source.file, active: () => models.state.active?.name ?? null };
  const isClockSynced = (): boolean | null => health.latest?.clock.synced ?? null;
  const place = { bootId: identity.bootId, stateDir, isClockSynced };
  await using side = await startMqttSide(
    {
      ...{ ...place, version: job.version, config, secrets: job.secrets },
      shown: {
        labels: followedLabels(config, firstModel.model),
        models: await modelNames(choice),
      },
      onOutboxProblem: (detail) => problems.report('outbox', detail),
    },
    log,
    signal,
  );
  const { mqtt, homeAssistant } = side;
  told.publishBy(mqtt);
  await using streams = await openStreams(config, mqtt, place, log);
  using pictures = openPictures(config, detector, mqtt, log);
  await using page = await startLivePage(config, pictures.lastFrame, log, job.portTries ?? 1);
  if (page !== null) job.onLivePage?.(page.url);
  const publisher = withLivePage(withPictures(mqtt, pictures.ofEvents), page);
  tell = (update) => {
    memory.look(update);
    publisher.setState(update);
  };
  const node = { ...identity, ...describeNode(config) };
  const tellInfo = (): void => {
    if (models.serving === null) return;
    const { model, setup: engine } = models.serving;
    const labels = followedLabels(config, model);
    const now = { settings: memory.all, configHash: configHash(current) };
    tell({ kind: 'info', info: { ...node, ...now, labels, model, engine } });
  };
  const announce = ({ model }: ServingModel): void => {
    const labels = followedLabels(config, model);
    const unknown = unknownLabels(config, model);
    if (unknown.length > 0) log.warn('The model does not know labels to be followed', { unknown });
    // First what goes, else Home Assistant would see an entity without a state.
    homeAssistant.show({ labels });
    tell({ kind: 'model', state: models.state });
    tell({ kind: 'labels', labels });
    tellThresholds(thresholds, labels, tell);
    pictures.setLabels(labels);
    streams.tellModel(model, tell);
    tell({ kind: 'setting', scope: 'node', name: 'model', value: model.name });
    tellInfo();
    // The model's file and what was made of it, and at the start what the start itself left.
    collectGarbageSoon();
  };
  announce(firstModel);
  onSettings = () => {
    problems.report('settings', memory.problem);
    tellInfo();
  };

  const motion = startMotion(config, tell);
  using cameraState = startCameraWatch(tell);
  const observer = new FrameObserver({
    ...{ liveness, supervisor, publisher, failures, meter, problems, camera: cameraState.watch },
  });
  const reloadNow = coalesce(async () => {
    log.info('Reloading');
    observer.reloading();
    const onVerdict = (refusal: string | null): void => problems.report('config_rejected', refusal);
    current = await takeOver(current, { ...job, log, onVerdict });
    wish.configure(current.config);
    memory.configureModel(current.config);
    const serving = await models.reload(wish.source);
    if (serving) announce(serving);
    observer.reloaded();
  });
  job.onReload(() => void reloadNow());
  if (config.model.watch) {
    const files = (): readonly string[] => wish.files;
    const onChange = (): void => void reloadNow();
    void watchFiles({ files, known: filesBefore, onChange }, ended.signal);
  }
  const onLook = (names: readonly string[]): void => homeAssistant.show({ models: names });
  void followModels(choice, onLook, ended.signal);

  const camera = steadyCamera(source, log, (state) => {
    observer.cameraState(state);
    motion.cameraChanged();
  });
  const tracking = createTracking(config, thresholds);
  const pipeline = new Pipeline({
    frames: camera.frames,
    pacing: source.pacing,
    queue: { capacity: config.queue.capacity, maxAgeMs: config.queue.max_age_ms },
    pool,
    gate: motion.gate,
    detector,
    ...tracking,
    tracker: streams.telling(tracking.tracker),
    publisher,
    observer,
  });
  const stop = AbortSignal.any([signal, restart.signal]);
  const handlers = commandHandlers({
    ...identity,
    ...{ models, wish, memory, pipeline, motion, thresholds, pictures, publisher },
    cameraId: config.camera.id,
    zones: tracking.tracker,
    restartCamera: (signal) => {
      observer.cameraRestartAsked();
      return camera.restart(signal);
    },
    announce: () => mqtt.announce(),
    clearRetained: () => clearLeftovers(config, job.secrets, mqtt, log),
    health: () => health.latest,
    reload: reloadNow,
    restart: () => restart.abort(),
    setLogLevel: (level) => log.setLevel(level),
  });
  await using control = startRemoteControl(
    { ...config, policy, memory, isClockRight: () => health.latest?.clock.synced !== false },
    handlers,
    (reply) => mqtt.reply(reply),
    log,
  );
  using health = startHealth({
    ...identity,
    ...{ config, meter, problems, observer, mqtt, liveness, publisher, watchdog, isWatched },
    stateFolder: stateDir,
    threads: () => models.serving?.setup.threads ?? 1,
    counts: pipeline.counts,
    commands: control,
  });
  tellSettings(config, { ofEvents: pictures.ofEvents, isGateOn: motion.isGateOn }, tell);
  await memory.makeAgain((topic, value, signal) => control.set(topic, value, signal), stop);
  onSettings();
  side.open((message) => control.receive(message));
  const sayStopping = (): void => supervisor.notify('stopping');
  stop.addEventListener('abort', sayStopping, { once: true });
  try {
    await pipeline.run(stop);
  } catch (error) {
    if (!stop.aborted) side.abandon();
    throw error;
  } finally {
    stop.removeEventListener('abort', sayStopping);
    if (!stop.aborted) sayStopping();
    ended.abort();
    log.info('Stopped', summary(pipeline.counts));
  }
  if (restart.signal.aborted) throw new RestartWanted('Ended to be started again, as asked for');
}

function summary({ framesIn, detected, dropped }: FrameCounts): Record<string, number> {
  return { framesIn, detected, ...dropped };
}
