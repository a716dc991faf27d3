import { connect, type MqttClient } from 'mqtt';
import type { EventPayload } from '../../src/contract/event-schema.js';
import type { MosquittoUser } from './mosquitto.js';

/** An event as it arrived. */
export interface Arrival {
  readonly event: EventPayload;
  readonly branch: 'event' | 'history';
}

/**
 * Listens to everything at a broker, again after each of its restarts. What it is given as retained
 * is what a consumer who comes now is told.
 */
export class BrokerObserver implements AsyncDisposable {
  readonly arrivals: Arrival[] = [];
  /** Retained topics as they are now. */
  readonly retained = new Map<string, string>();
  readonly #client: MqttClient;
  #isListening = false;

  constructor(url: string, { name, password }: MosquittoUser) {
    this.#client = connect(url, {
      ...{ username: name, password, protocolVersion: 5, clean: true },
      reconnectPeriod: 50,
    });
    this.#client.on('error', () => {});
    this.#client.on('connect', () => {
      this.retained.clear();
      this.#client.subscribe('#', { qos: 1, rap: true }, (error) => {
        this.#isListening = !error;
      });
    });
    this.#client.on('close', () => {
      this.#isListening = false;
    });
    this.#client.on('message', (topic, payload, { retain }) =>
      this.#note(topic, payload.toString(), retain),
    );
  }

  /** Whether nothing that is published now will be missed. */
  get isListening(): boolean {
    return this.#isListening;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.endAsync(true);
  }

  #note(topic: string, payload: string, isRetained: boolean): void {
    const branch = /\/(event|history)\//.exec(topic)?.[1] as Arrival['branch'] | undefined;
    if (branch) this.arrivals.push({ branch, event: JSON.parse(payload) as EventPayload });
    if (!isRetained) return;
    if (payload === '') this.retained.delete(topic);
    else this.retained.set(topic, payload);
  }
}
