import { join } from 'node:path';
import type { Config } from '../config/schema.js';
import type { DetectorModel } from '../domain/detector-model.js';
import { frameIdOf } from '../domain/frame-id.js';
import type { Log } from '../log.js';
import { FrameRateLimit } from '../pipeline/frame-rate-limit.js';
import { FrameStream } from '../publishing/frame-stream.js';
import type { MqttPublisher } from '../publishing/mqtt-publisher.js';
import type { Publisher } from '../publishing/publisher.js';
import { rosLabelInfo, rosVisionInfo } from '../publishing/ros-messages.js';
import { topicsOf } from '../publishing/topics.js';
import type { Tracker } from '../tracking/tracker.js';
import { ModelVersions } from './model-versions.js';
import { nodeFolder } from './mqtt-wiring.js';

type StreamConfig = Pick<Config, 'node' | 'camera' | 'mqtt' | 'model' | 'stream'>;

/** What is told of each single frame, where the configuration wants it. */
export interface Streams extends AsyncDisposable {
  /** A tracker whose every result is told. */
  telling(tracker: Tracker): Tracker;
  /** Tells which model is active now. */
  tellModel(model: DetectorModel, tell: Publisher['setState']): void;
}

/** What the streams need of the process. */
export interface StreamPlace {
  readonly bootId: string;
  readonly stateDir: string;
  /** Whether the clock is right; null: unknown. */
  readonly isClockSynced: () => boolean | null;
}

/** Opens the streams that are switched on; with none on, nothing is done and nothing told. */
export async function openStreams(
  config: StreamConfig,
  mqtt: Pick<MqttPublisher, 'publishLoose'>,
  { bootId, stateDir, isClockSynced }: StreamPlace,
  log: Log,
): Promise<Streams> {
  const { node, camera, stream, model: options } = config;
  const frameId = frameIdOf(camera);
  const topics = topicsOf({ base: config.mqtt.base, node, camera: camera.id });
  const file = join(nodeFolder(stateDir, config), `model-version-${camera.id}.json`);
  const versions = stream.ros ? await ModelVersions.open(file, log) : null;
  const rate = new FrameRateLimit();
  rate.set(stream.max_hz);
  const frames = new FrameStream(mqtt, {
    ...{ topics, bootId, node, frameId, isClockSynced, frames: stream.frames, ros: stream.ros },
    camera: camera.id,
    takes: (monotonicMs) => rate.takes(monotonicMs),
  });
  return {
    telling: (tracker) => (stream.frames || stream.ros ? toldBy(frames, tracker) : tracker),
    tellModel: (model, tell) => {
      if (versions === null) return;
      const version = versions.of(model);
      const told = { model, version, threshold: options.threshold, sinceMs: Date.now(), frameId };
      const info = rosVisionInfo(told, topics.rosLabelInfo);
      tell({ kind: 'vision', info, labels: rosLabelInfo(told) });
    },
    [Symbol.asyncDispose]: async () => await versions?.[Symbol.asyncDispose](),
  };
}

function toldBy(stream: FrameStream, tracker: Tracker): Tracker {
  return {
    update: (result) => {
      const tracks = tracker.update(result);
      stream.tell(result, tracks);
      return tracks;
    },
    reset: () => tracker.reset(),
  };
}
