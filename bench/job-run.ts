import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from '../test/helpers/eventually.js';
import { Mosquitto } from '../test/helpers/mosquitto.js';
import { MosquittoSubscriber, type SeenMessage } from '../test/helpers/mosquitto-subscriber.js';
import { endedChildrenCpuMs, sampleTree } from './processor-time.js';
import type { JobTask, Side } from './sides.js';

const SAMPLE_INTERVAL_MS = 250;
/** What a tree may use between the last sample and its end, and what rounding to 10 ms makes. */
const CPU_TOLERANCE_MS = 1_000;
const LIMIT_MS = 3_600_000;
const KEPT_CHARS = 100_000;
/** Both sides tell the whole millisecond in which they read a frame: on average they read it so much later. */
const STAMP_MS = 0.5;

/** How one side did the job once. */
export interface JobRun {
  readonly frames: number;
  /** From the first result to the end. */
  readonly fps: number;
  /** Of all its processes from start to end, as the kernel accounts for it. */
  readonly cpuMs: number;
  /** From its start to the arrival of its first result. */
  readonly startUpMs: number;
  /** Greatest resident memory of all its processes, and of the first of them. */
  readonly treeRssBytes: number;
  readonly mainRssBytes: number;
  /** From having read a frame to the arrival of its message, once results have begun to flow. */
  readonly latenciesMs: readonly number[];
}

/**
 * Lets one side do the job with a broker and a subscriber of its own.
 * @throws Error when it fails, or its processor time cannot be told for certain.
 */
export async function runJob(side: Side, task: Omit<JobTask, 'port'>): Promise<JobRun> {
  // Without this the broker may hold back a message for 40 ms until the one before is confirmed.
  await using broker = await Mosquitto.start({ config: ['set_tcp_nodelay true'] });
  await using subscriber = await MosquittoSubscriber.start(broker.port);
  const { command, args } = side.commandFor({ ...task, port: broker.port });
  const endedBeforeMs = endedChildrenCpuMs();
  const startedAtMs = Date.now();
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  const watch = new ProcessWatch(child.pid ?? 0);
  const output = await outputOf(child);
  const endedAtMs = Date.now();
  watch.stop();
  const cpuMs = endedChildrenCpuMs() - endedBeforeMs;
  if (child.exitCode !== 0) throw new Error(`Cannot measure ${side.name}: it failed: ${output}`);
  if (Math.abs(cpuMs - watch.cpuMs) > CPU_TOLERANCE_MS) {
    throw new Error(
      `Cannot measure ${side.name}: its processes were seen to use ${watch.cpuMs} ms, but ${cpuMs} ms are accounted for`,
    );
  }
  await eventually(
    `${side.name} says good-bye`,
    () => subscriber.last(side.statusTopic) === 'offline',
  );
  const ready = subscriber.messages.find(
    ({ topic, payload }) => topic === side.statusTopic && payload === 'online',
  );
  const frames = side.frames(output);
  if (!ready || !(frames > 0)) {
    throw new Error(`Cannot measure ${side.name}: no frame went through: ${output}`);
  }
  return {
    frames,
    fps: (frames * 1000) / (endedAtMs - ready.arrivedAtMs),
    cpuMs,
    startUpMs: ready.arrivedAtMs - startedAtMs,
    treeRssBytes: watch.treeRssBytes,
    mainRssBytes: watch.mainRssBytes,
    latenciesMs: latencies(side, subscriber.messages, ready.arrivedAtMs),
  };
}

function latencies(side: Side, messages: readonly SeenMessage[], readyAtMs: number): number[] {
  return messages.flatMap((message) => {
    const capturedAtMs = side.capturedAtMs(message);
    return capturedAtMs === null || capturedAtMs < readyAtMs
      ? []
      : [message.arrivedAtMs - capturedAtMs - STAMP_MS];
  });
}

/** The last of what a process wrote to stdout and stderr, when it has ended. */
async function outputOf(child: ChildProcess): Promise<string> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-KEPT_CHARS);
    });
  }
  await once(child, 'close');
  return output;
}

/** Looks at a process and its descendants from time to time. */
class ProcessWatch {
  cpuMs = 0;
  treeRssBytes = 0;
  mainRssBytes = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(pid: number) {
    this.#timer = setInterval(() => this.#look(pid), SAMPLE_INTERVAL_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(pid: number): void {
    const { cpuMs, treeRssBytes, mainRssBytes } = sampleTree(pid);
    this.cpuMs = Math.max(this.cpuMs, cpuMs);
    this.treeRssBytes = Math.max(this.treeRssBytes, treeRssBytes);
    this.mainRssBytes = Math.max(this.mainRssBytes, mainRssBytes);
  }
}
