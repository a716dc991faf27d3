import type { CommandCounters } from '../commands/command-counts.js';
import type { Config } from '../config/schema.js';
import type { HealthPayload } from '../contract/health-schema.js';
import type { FrameMeter } from '../health/frame-meter.js';
import {
  type HealthReports,
  type HealthSources,
  startHealthReports,
} from '../health/health-reporter.js';
import type { Problems } from '../health/problems.js';
import type { ModelManager } from '../models/model-manager.js';
import type { Pipeline } from '../pipeline/pipeline.js';
import type { Publisher } from '../publishing/publisher.js';
import type { Liveness } from '../supervision/liveness.js';
import type { Watchdog } from '../supervision/watchdog.js';
import type { FrameObserver } from './frame-observer.js';
import type { MqttCounters } from './mqtt-wiring.js';

/** What the daemon has that health tells of. */
export interface HealthParts extends Pick<HealthSources, 'bootId' | 'startedAtMs'> {
  readonly stateDir: string;
  readonly config: Pick<Config, 'camera'>;
  readonly meter: FrameMeter;
  readonly problems: Problems;
  readonly observer: Pick<FrameObserver, 'isOnline'>;
  readonly models: Pick<ModelManager, 'serving'>;
  readonly pipeline: Pick<Pipeline, 'counts'>;
  readonly mqtt: { readonly counters: MqttCounters; readonly conflict: object | null };
  readonly liveness: Pick<Liveness, 'verdict'>;
  readonly publisher: Publisher;
  readonly commands: { readonly counters: CommandCounters };
  readonly watchdog: Pick<Watchdog, 'pings'>;
  /** Whether the service manager waits for signs of life. */
  readonly isWatched: boolean;
}

/** Begins to publish how well the daemon works, until disposal. */
export function startHealth(parts: HealthParts): HealthReports {
  const { config, stateDir, observer, models, pipeline, mqtt, liveness, commands, watchdog } =
    parts;
  return startHealthReports(
    {
      ...parts,
      stateFolder: stateDir,
      threads: () => models.serving?.setup.threads ?? 1,
      camera: { id: config.camera.id, fpsExpected: expectedFps(config.camera) },
      isOnline: () => observer.isOnline,
      drops: () => {
        const { stopped: _, ...drops } = pipeline.counts.dropped;
        return drops;
      },
      mqtt: () => mqttHealth(mqtt.counters),
      commands: () => {
        const { forgotten: _, ...counters } = commands.counters;
        return counters;
      },
      pings: () => (parts.isWatched ? watchdog.pings : null),
      clientIdConflict: () =>
        mqtt.conflict === null ? null : 'Another client uses our client id; see mqtt.client_id',
      stalled: () => {
        const verdict = liveness.verdict();
        return verdict.alive ? null : `Work stands still: ${verdict.reason}`;
      },
    },
    (health) => parts.publisher.setState({ kind: 'health', health }),
  );
}

/** A video has a rate of its own, and a source that waits for the detector has none. */
function expectedFps({ source, fps, pace }: Config['camera']): number | null {
  return source === 'replay' || pace !== 'native' ? null : fps;
}

function mqttHealth(counters: MqttCounters): HealthPayload['mqtt'] {
  const { connectedSinceMs, droppedEvents, backlog, ...counts } = counters;
  const { oldestMs = null, dropped } = backlog ?? {};
  const droppedEventsBy = {
    queue_full: droppedEvents.queueFull,
    too_old: droppedEvents.tooOld,
    outbox_update: dropped?.fullUpdate ?? 0,
    outbox_full: dropped?.full ?? 0,
    outbox_too_old: dropped?.tooOld ?? 0,
    outbox_corrupt: dropped?.corrupt ?? 0,
  };
  return {
    connected_since: connectedSinceMs === null ? null : new Date(connectedSinceMs).toISOString(),
    reconnects: counts.reconnects,
    published: counts.published,
    refused: counts.refused,
    events_waiting: counts.pendingEvents + (backlog?.depth ?? 0),
    events_lost: Object.values(droppedEventsBy).reduce((sum, count) => sum + count, 0),
    dropped_by_policy: {
      ...droppedEventsBy,
      overtaken: counts.overtaken,
      answers: counts.droppedReplies,
    },
    outbox: {
      depth: backlog?.depth ?? 0,
      bytes: backlog?.bytes ?? 0,
      oldest_s: oldestMs === null ? null : Math.round(oldestMs / 1000),
      bytes_written: backlog?.bytesWritten ?? 0,
    },
  };
}
