import { join } from 'node:path';
import type { EventPayload } from '../src/contract/event-schema.js';
import { type TopicIds, topicsOf } from '../src/publishing/topics.js';
import type { SeenMessage } from '../test/helpers/mosquitto-subscriber.js';
import { PROJECT_ROOT } from '../test/helpers/reference-data.js';
import { type PythonPeer, peerScript } from './python-peer.js';

const MAIN = join(PROJECT_ROOT, 'dist', 'src', 'main.js');
const IDS: TopicIds = { base: 'lookout', node: 'bench', camera: 'camera' };

/** The same job for everyone. */
export interface JobTask {
  readonly video: string;
  readonly modelFile: string;
  /** Where what is found out about the machine is kept from one run to the next. */
  readonly stateFolder: string;
  /** One label a line, those that stand in the model. */
  readonly labelsFile: string;
  /** Threads of an inference. */
  readonly threads: number;
  /** At the video's own rate, or as fast as it goes. */
  readonly pace: 'native' | 'max';
  /** Of the broker on 127.0.0.1. */
  readonly port: number;
}

/** A program that does the job and ends with the video. */
export interface Side {
  readonly name: string;
  commandFor(task: JobTask): { readonly command: string; readonly args: readonly string[] };
  /** Says `online` when the first frame has been through, and `offline` at the end. */
  readonly statusTopic: string;
  /** Unix ms at which the frame that a message is about was read; null for other messages. */
  capturedAtMs(message: SeenMessage): number | null;
  /** How many frames went through the model, by its own account at its end. */
  frames(output: string): number;
}

/** Lookout as a user starts it; what the task leaves open is left at its default. */
export const LOOKOUT: Side = {
  name: 'Lookout',
  commandFor({ video, modelFile, stateFolder, threads, pace, port }) {
    const keys = {
      node: IDS.node,
      threads,
      state_dir: stateFolder,
      'camera.source': 'replay',
      'camera.path': video,
      'camera.pace': pace,
      'model.file': modelFile,
      'mqtt.url': `mqtt://127.0.0.1:${port}`,
      'log.format': 'json',
    };
    const args = Object.entries(keys).map(([key, value]) => `--${key}=${value}`);
    // As systemd/lookout.service starts it.
    const start = ['MALLOC_ARENA_MAX=1', process.execPath, '--max-semi-space-size=8', MAIN];
    return { command: 'env', args: [...start, 'run', ...args] };
  },
  statusTopic: topicsOf(IDS).cameraStatus,
  capturedAtMs({ topic, payload }) {
    if (!topic.includes('/event/')) return null;
    return Date.parse((JSON.parse(payload) as EventPayload).time.capture);
  },
  frames(output) {
    return Number(/"message":"Stopped".*"detected":(\d+)/.exec(output)?.[1]);
  },
};

/** The Python peer; `opencvThreads` null leaves OpenCV as it comes. */
export function pythonSide(
  name: string,
  python: Extract<PythonPeer, { kind: 'ready' }>,
  opencvThreads: number | null,
): Side {
  return {
    name,
    commandFor({ video, modelFile, labelsFile, threads, pace, port }) {
      const args = ['--video', video, '--model', modelFile, '--labels', labelsFile];
      args.push('--threads', `${threads}`, '--port', `${port}`);
      if (pace === 'native') args.push('--native-pace');
      if (opencvThreads !== null) args.push('--opencv-threads', `${opencvThreads}`);
      return { command: python.program, args: [peerScript('job.py'), ...args] };
    },
    statusTopic: 'python/status',
    capturedAtMs({ topic, payload }) {
      if (topic !== 'python/objects') return null;
      return (JSON.parse(payload) as { captured_ms: number }).captured_ms;
    },
    frames(output) {
      return Number(/"frames": (\d+)/.exec(output)?.[1]);
    },
  };
}
