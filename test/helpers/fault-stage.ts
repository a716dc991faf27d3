import type { Outbox } from '../../src/outbox/outbox.js';
import type { MqttPublisher } from '../../src/publishing/mqtt-publisher.js';
import { BrokerObserver } from './broker-observer.js';
import { EventScript } from './event-script.js';
import { eventually } from './eventually.js';
import { FaultProxy } from './fault-proxy.js';
import { Mosquitto, type MosquittoUser } from './mosquitto.js';
import { outboxFolder, startOutbox } from './outbox-entries.js';
import { RecordingLog } from './recording-log.js';
import { samplePublisher } from './sample-publisher.js';
import { WireLedger } from './wire-ledger.js';

const OBSERVER: MosquittoUser = { name: 'observer', password: 'sees-all' };
const LOOKOUT: MosquittoUser = { name: 'lookout', password: 'right' };
/** Short, so that faults are longer and shorter than it. */
const LIVE_WINDOW_MS = 1_500;
/** One thing happens this often. */
const STEP_MS = 30;

/** What is different between stages. */
export interface StageOptions {
  readonly protocol: 4 | 5 | 'auto';
  /** Whether the broker keeps retained messages over its restart. */
  readonly isPersistent: boolean;
  /** Room for events that wait. */
  readonly outboxBytes: number;
  /** Where it may make folders of its own. */
  readonly folder: string;
  readonly random: () => number;
}

interface StageParts {
  readonly broker: Mosquitto;
  readonly proxy: FaultProxy;
  readonly outbox: Outbox;
  readonly wire: WireLedger;
  readonly log: RecordingLog;
}

/**
 * A publisher that is told an endless story, a proxy behind it, a broker behind that, and an
 * observer on the broker's own port.
 */
export class FaultStage implements AsyncDisposable {
  readonly wire: WireLedger;
  readonly log: RecordingLog;
  readonly broker: Mosquitto;
  readonly proxy: FaultProxy;
  readonly observer: BrokerObserver;
  readonly publisher: MqttPublisher;
  readonly script: EventScript;
  #timer: NodeJS.Timeout | null = null;

  private constructor({ protocol, random }: StageOptions, parts: StageParts) {
    const { broker, proxy, outbox } = parts;
    this.wire = parts.wire;
    this.log = parts.log;
    this.broker = broker;
    this.proxy = proxy;
    this.observer = new BrokerObserver(broker.url, OBSERVER);
    this.publisher = samplePublisher(proxy.url, this.log, {
      protocol,
      backlog: outbox,
      username: LOOKOUT.name,
      password: LOOKOUT.password,
      liveWindowMs: LIVE_WINDOW_MS,
    });
    this.script = new EventScript(random, this.publisher);
  }

  /** Everything is connected, and the story has begun. */
  static async start(options: StageOptions): Promise<FaultStage> {
    const broker = await Mosquitto.start({
      user: [OBSERVER, LOOKOUT],
      isPersistent: options.isPersistent,
      // What it has acknowledged it has also handed to the observer's connection.
      config: ['max_inflight_messages 0', 'max_queued_messages 0'],
    });
    const wire = new WireLedger();
    const proxy = await FaultProxy.start(broker.port, wire);
    proxy.set({ kind: 'refuse' });
    const log = new RecordingLog();
    let wake = () => {};
    const outbox = await startOutbox(
      outboxFolder(options.folder),
      { maxBytes: options.outboxBytes, onChange: () => wake() },
      log,
    );
    const stage = new FaultStage(options, { broker, proxy, outbox, wire, log });
    wake = () => stage.publisher.wake();
    await stage.observerListens();
    proxy.set({ kind: 'pass' });
    await eventually('the publisher connects', () => wire.acceptedAtMs.length > 0);
    stage.#timer = setInterval(() => stage.script.step(), STEP_MS);
    return stage;
  }

  async observerListens(): Promise<void> {
    await eventually('the observer listens', () => this.observer.isListening, 20_000);
  }

  /** Changes the publisher's password at the broker, or changes it back. */
  admitPublisher(isWelcome: boolean): void {
    this.broker.admit([OBSERVER, isWelcome ? LOOKOUT : { ...LOOKOUT, password: 'another' }]);
  }

  /** Who comes now and sees what is retained. */
  newObserver(): BrokerObserver {
    return new BrokerObserver(this.broker.url, OBSERVER);
  }

  /** Topics whose retained payload is not what it has to be. */
  untrueTopics({ retained } = this.observer): string[] {
    const { truth } = this.script;
    const topics = new Set([...retained.keys(), ...truth.keys()]);
    return [...topics].filter((topic) => {
      const wanted = truth.get(topic);
      const found = retained.get(topic);
      return typeof wanted === 'string' || wanted === undefined || found === undefined
        ? wanted !== found
        : !wanted.test(found);
    });
  }

  /** Ends the story. */
  finish(): void {
    clearInterval(this.#timer ?? undefined);
    this.script.finish();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer ?? undefined);
    await this.publisher[Symbol.asyncDispose]();
    await this.observer[Symbol.asyncDispose]();
    await this.proxy[Symbol.asyncDispose]();
    await this.broker[Symbol.asyncDispose]();
  }
}
