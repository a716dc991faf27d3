import { ReleaseStack } from '../async/release-stack.js';
import type { Config } from '../config/schema.js';
import type { BrokerSecrets } from '../config/secrets.js';
import type { IncomingMessage } from '../contract/incoming-message.js';
import { Crash } from '../errors.js';
import type { Log } from '../log.js';
import type { Inbox } from '../publishing/publisher-options.js';
import { discoveryInputs } from './discovery-input.js';
import { HomeAssistant, type Shown } from './home-assistant.js';
import { nodeFolder, startOutbox, startPublisher } from './mqtt-wiring.js';
import { startConfiguredBroker } from './own-broker.js';
import { Relay } from './relay.js';
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
  /** Whether the machine knows the time now; null: it does not tell. */
  readonly isClockSynced: () => boolean | null;
  /** Is told what is wrong with the outbox; null: nothing. */
  readonly onOutboxProblem: (detail: string | null) => void;
}

/** Everything between the daemon and its broker. Disposal says good-bye. */
export interface MqttSide extends AsyncDisposable {
  readonly mqtt: ReturnType<typeof startPublisher>;
  readonly homeAssistant: HomeAssistant;
  /** Has the broker say `offline` at once: the process fails. */
  readonly abandon: () => void;
  /** Names who gets commands, and begins to connect: by now all that is to be told is known. */
  readonly open: (receive: Inbox['receive']) => void;
}

/**
 * Starts the broker in this process where one is wanted, and reads what waits for the broker. When
 * `signal` is aborted by a crash, the connection ends as with `abandon`.
 * @throws ConfigError when the broker's URL cannot be used, Error when the broker in this process
 * cannot listen.
 */
export async function startMqttSide(
  parts: MqttSideParts,
  log: Log,
  signal: AbortSignal,
): Promise<MqttSide> {
  const { config, secrets, version, bootId, stateDir, isClockSynced, shown } = parts;
  await using opened = new ReleaseStack();
  opened.use(await startConfiguredBroker(config, secrets, log));
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
  opened.use(homeAssistant);
  const commands = new Relay<IncomingMessage>();
  const inbox = homeAssistant.inboxWith(commandFilters(config), commands.say);
  const backlogChanges = new Relay<void>();
  const backlog = await startOutbox(config, stateDir, backlogChanges.say, log);
  let connect = (): void => {};
  const notBefore = new Promise<void>((resolve) => {
    connect = resolve;
  });
  const place = {
    ...{ bootId, stateDir, isClockSynced, inbox, backlog, notBefore },
    preamble: homeAssistant,
  };
  const mqtt = opened.use(startPublisher(config, secrets, place, log));
  const tellOutboxProblem = (): void => parts.onOutboxProblem(backlog.problem?.detail ?? null);
  backlogChanges.to(() => {
    mqtt.wake();
    tellOutboxProblem();
  });
  // What was wrong when it was opened, nobody has heard.
  tellOutboxProblem();
  const onAbort = (): void => {
    if (signal.reason instanceof Crash) mqtt.abandon();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  const held = opened.move();
  return {
    mqtt,
    homeAssistant,
    abandon: () => mqtt.abandon(),
    open: (receiver) => {
      commands.to(receiver);
      connect();
    },
    [Symbol.asyncDispose]: async () => {
      signal.removeEventListener('abort', onAbort);
      connect();
      await held[Symbol.asyncDispose]();
    },
  };
}
