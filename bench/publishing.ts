import { fileURLToPath } from 'node:url';
import { connectAsync } from 'mqtt';
import { Mosquitto } from '../test/helpers/mosquitto.js';
import type { BenchPlan } from './bench-plan.js';
import { LineProcess } from './line-process.js';

const CHILD = fileURLToPath(new URL('publishing-child.js', import.meta.url));

/** For code to be compiled, the first states to be told and the first objects to be there. */
const WARM_UP_S = 5;

/** What is told of the same street. */
export const TOLD = ['nothing', 'everything', 'changes'] as const;
export type Told = (typeof TOLD)[number];

/** One run. */
export interface PublishingRun {
  readonly seconds: number;
  /** Of the whole process, which does nothing else. */
  readonly cpuMs: number;
  readonly messages: number;
  /** Of topics and payloads. */
  readonly bytes: number;
}

/** What publishing costs, by what is told, to a real broker on this machine. */
export type PublishingRuns = Readonly<Record<Told, PublishingRun>>;

/** A busy street at 15 frames a second, told of by the rules and without them. */
export async function measurePublishing({ extent, say }: BenchPlan): Promise<PublishingRuns> {
  await using broker = await Mosquitto.start();
  const runs: Partial<Record<Told, PublishingRun>> = {};
  for (const told of TOLD) {
    say(`publishing ${told}`);
    runs[told] = await measure(told, broker.url, extent.publishingS);
  }
  return runs as PublishingRuns;
}

async function measure(told: Told, url: string, seconds: number): Promise<PublishingRun> {
  const listener = await connectAsync(url);
  const seen = { messages: 0, bytes: 0 };
  listener.on('message', (topic, payload) => {
    seen.messages += 1;
    seen.bytes += topic.length + payload.length;
  });
  await listener.subscribeAsync('#', { qos: 0 });
  try {
    await using child = new LineProcess(process.execPath, [CHILD, told, url]);
    await child.answer();
    await child.ask(`${WARM_UP_S}`);
    const { messages, bytes } = seen;
    const { cpuMs, wallMs } = (await child.ask(`${seconds}`)) as { cpuMs: number; wallMs: number };
    return {
      seconds: wallMs / 1000,
      cpuMs,
      messages: seen.messages - messages,
      bytes: seen.bytes - bytes,
    };
  } finally {
    await listener.endAsync();
  }
}
