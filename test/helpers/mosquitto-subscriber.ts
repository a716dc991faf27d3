import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { eventually } from './eventually.js';

/** A message as `mosquitto_sub` saw it. */
export interface SeenMessage {
  /** Unix time in ms at which `mosquitto_sub` had it, to the microsecond. */
  readonly arrivedAtMs: number;
  readonly topic: string;
  readonly retain: boolean;
  readonly qos: number;
  /** MQTT 5 properties; empty when absent. */
  readonly expiryS: string;
  readonly contentType: string;
  readonly payload: string;
  readonly bytes: Buffer;
}

const READY = 'lookout-test/ready';

/** Subscribes to everything with `mosquitto_sub`, a client that shares no code with ours. */
export class MosquittoSubscriber implements AsyncDisposable {
  readonly messages: SeenMessage[] = [];
  readonly #process: ChildProcess;

  private constructor(port: number, options: readonly string[]) {
    const format = '%U\\t%t\\t%r\\t%q\\t%E\\t%C\\t%x';
    const args = ['-h', '127.0.0.1', '-p', String(port), '-V', '5', '-q', '1', '-t', '#'];
    const flags = ['--retain-as-published', '-F', format, ...options];
    this.#process = spawn('mosquitto_sub', [...args, ...flags], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    if (!this.#process.stdout) throw new Error('mosquitto_sub has no stdout');
    createInterface({ input: this.#process.stdout }).on('line', (line) => {
      const [arrivedAtS, topic = '', retain, qos, expiryS = '', contentType = '', hex = ''] =
        line.split('\t');
      const bytes = Buffer.from(hex, 'hex');
      this.messages.push({
        arrivedAtMs: Number(arrivedAtS) * 1000,
        topic,
        retain: retain === '1',
        qos: Number(qos),
        expiryS,
        contentType,
        payload: bytes.toString(),
        bytes,
      });
    });
  }

  /** Resolves when the subscription stands; the retained messages come before and after that. */
  static async start(port: number, ...options: readonly string[]): Promise<MosquittoSubscriber> {
    const subscriber = new MosquittoSubscriber(port, options);
    await eventually('mosquitto_sub is subscribed', async () => {
      const probe = spawn('mosquitto_pub', [
        ...['-h', '127.0.0.1', '-p', String(port), '-t', READY, '-m', 'x', ...options],
      ]);
      await once(probe, 'exit');
      return subscriber.messages.some(({ topic }) => topic === READY);
    });
    return subscriber;
  }

  /** The newest payload of a topic. */
  last(topic: string): string | undefined {
    return this.messages.findLast((message) => message.topic === topic)?.payload;
  }

  /** Payloads of all messages whose topic holds `part`, in order. */
  payloads(part: string): string[] {
    return this.messages.filter(({ topic }) => topic.includes(part)).map(({ payload }) => payload);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { exitCode, signalCode } = this.#process;
    if (exitCode !== null || signalCode !== null) return;
    this.#process.kill();
    await once(this.#process, 'exit');
  }
}
