import type { Config } from '../config/schema.js';
import type { BrokerSecrets } from '../config/secrets.js';
import type { Log } from '../log.js';
import type { Inbox } from '../publishing/publisher-options.js';
import { discoveryInputs } from './discovery-input.js';
import { HomeAssistant, type Shown } from './home-assistant.js';
import { nodeFolder, startOutbox, startPublisher } from './mqtt-wiring.js';
import { startConfiguredBroker } from './own-broker.js';
import { commandFilters } from './remote-control.js';

/** What the daemon's side of MQTT needs of it. */
export interface MqttSideParts {
  readonly config: Config;
  readonly secrets: BrokerSecrets;
  readonly version: string;
  readonly bootId: string;
  /** Where the process keeps what it finds out. */
  readonly stateDir: string;
  /** What Home Assistant is shown at first. */
  readonly shown: Shown;
  /** Is told what is wrong with the outbox; null: nothing. */
  readonly onOutboxProblem: (detail: string | null) => void;
}

/** Everything between the daemon and its broker. Disposal says good-bye. */
export interface MqttSide extends AsyncDisposable {
  readonly mqtt: ReturnType<typeof startPublisher>;
  readonly homeAssistant: HomeAssistant;
  /** Names who gets commands; until then there are none. */
  readonly obey: (receive: Inbox['receive']) => void;
}

/**
 * Starts the broker in this process where one is wanted, reads what waits for the broker, and
 * begins to connect.
 * @throws ConfigError when the broker's URL cannot be used, Error when the broker in this process
 * cannot listen.
 */
export async function startMqttSide(parts: MqttSideParts, log: Log): Promise<MqttSide> {
  const { config, secrets, version, bootId, stateDir, shown } = parts;
  const broker = await startConfiguredBroker(config, secrets, log);
  const homeAssistant = await HomeAssistant.start(
    {
      config: config.discovery,
      stateDir: nodeFolder(stateDir, config),
      inputOf: await discoveryInputs(config, version),
      shown,
      announce: () => mqtt.announce(),
    },
    log,
  );
  let receive: Inbox['receive'] = () => {};
  const inbox = homeAssistant.inboxWith(commandFilters(config), (message) => receive(message));
  let onBacklog = (): void => {};
  const backlog = await startOutbox(config, stateDir, () => onBacklog(), log);
  const place = { bootId, stateDir, inbox, preamble: homeAssistant, backlog };
  const mqtt = startPublisher(config, secrets, place, log);
  onBacklog = () => {
    mqtt.wake();
    parts.onOutboxProblem(backlog.problem?.detail ?? null);
  };
  return {
    mqtt,
    homeAssistant,
    obey: (receiver) => {
      receive = receiver;
    },
    [Symbol.asyncDispose]: async () => {
      await mqtt[Symbol.asyncDispose]();
      await homeAssistant[Symbol.asyncDispose]();
      await broker?.[Symbol.asyncDispose]();
    },
  };
}
