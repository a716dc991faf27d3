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

const MARKER = 'lookout-test/marker';

/** Subscribes to everything with `mosquitto_sub`, a client that shares no code with ours. */
export class MosquittoSubscriber implements AsyncDisposable {
  readonly messages: SeenMessage[] = [];
  readonly #process: ChildProcess;
  readonly #client: readonly string[];
  #markers = 0;

  private constructor(port: number, options: readonly string[]) {
    this.#client = ['-h', '127.0.0.1', '-p', String(port), ...options];
    const format = '%U\\t%t\\t%r\\t%q\\t%E\\t%C\\t%x';
    const flags = ['-q', '1', '-t', '#', '--retain-as-published', '-F', format];
    this.#process = spawn('mosquitto_sub', ['-V', '5', ...this.#client, ...flags], {
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
      await subscriber.#mark('ready');
      return subscriber.last(MARKER) === 'ready';
    });
    return subscriber;
  }

  /** Resolves when all is here that the broker had taken before the call. */
  async caughtUp(): Promise<void> {
    this.#markers += 1;
    const marker = `marker ${this.#markers}`;
    await this.#mark(marker);
    await eventually('mosquitto_sub has caught up', () => this.last(MARKER) === marker);
  }

  /** The newest payload of a topic. */
  last(topic: string): string | undefined {
    return this.messages.findLast((message) => message.topic === topic)?.payload;
  }

  /** Payloads of all messages whose topic holds `part`, in order. */
  payloads(part: string): string[] {
    return this.messages.filter(({ topic }) => topic.includes(part)).map(({ payload }) => payload);
  }

  /** With QoS 1 like all else of ours: a broker may let QoS 0 overtake it. */
  async #mark(payload: string): Promise<void> {
    const args = ['-q', '1', '-t', MARKER, '-m', payload];
    await once(spawn('mosquitto_pub', [...this.#client, ...args]), 'exit');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { exitCode, signalCode } = this.#process;
    if (exitCode !== null || signalCode !== null) return;
    this.#process.kill();
    await once(this.#process, 'exit');
  }
}
