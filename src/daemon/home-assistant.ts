import { join } from 'node:path';
import type { Config } from '../config/schema.js';
import type { IncomingMessage } from '../contract/incoming-message.js';
import { AnnounceTimer, SYSTEM_TIMER } from '../discovery/announce-timer.js';
import { announcedBy, announcedTopics } from '../discovery/announced.js';
import type { DiscoveryMessage, DiscoveryPlace } from '../discovery/announcement.js';
import { Announcer } from '../discovery/announcer.js';
import { discoveryDocuments } from '../discovery/discovery-documents.js';
import type { DiscoveryInput } from '../discovery/discovery-input.js';
import { KeptAnnouncement } from '../discovery/kept-announcement.js';
import type { Log } from '../log.js';
import type { Preamble, PreambleMessage } from '../publishing/preamble.js';
import type { Inbox } from '../publishing/publisher-options.js';

/** Different problems told; the names of labels are not ours. */
const MAX_COMPLAINTS = 64;

/** What changes of what is shown. */
export interface Shown {
  /** Labels that objects can have. */
  readonly labels: readonly string[];
  /** Names of the models that can be chosen, the active one among them. */
  readonly models: readonly string[];
}

/** What is told to Home Assistant, and when. */
export interface HomeAssistantOptions {
  readonly config: Config['discovery'];
  readonly inputOf: (shown: Shown) => DiscoveryInput;
  /** What is shown at first. */
  readonly shown: Shown;
  /** Where it is kept what Home Assistant was told. */
  readonly stateDir: string;
  /** Tells the preamble and all states again. */
  readonly announce: () => void;
}

/**
 * Shows Home Assistant our devices, and takes back what is no longer there: before all states on
 * each connection, at each change, when Home Assistant starts, and when somebody empties one of our
 * topics. With `discovery.enabled` false it only takes back.
 */
export class HomeAssistant implements Preamble, AsyncDisposable {
  readonly #options: HomeAssistantOptions;
  readonly #kept: KeptAnnouncement;
  readonly #announcer: Announcer;
  readonly #timer: AnnounceTimer;
  readonly #log: Log;
  readonly #complaints = new Set<string>();
  #shown: Shown;

  private constructor(
    options: HomeAssistantOptions,
    kept: KeptAnnouncement,
    announcer: Announcer,
    log: Log,
  ) {
    this.#options = options;
    this.#kept = kept;
    this.#announcer = announcer;
    this.#timer = new AnnounceTimer({
      announce: options.announce,
      random: Math.random,
      timer: SYSTEM_TIMER,
    });
    this.#log = log;
    this.#shown = options.shown;
  }

  /** Reads what Home Assistant was told before. */
  static async start(options: HomeAssistantOptions, log: Log): Promise<HomeAssistant> {
    const { config, stateDir } = options;
    const kept = new KeptAnnouncement(join(stateDir, 'home-assistant.json'), log);
    const announcer = new Announcer({
      place: discoveryPlace(config),
      birth: { topic: config.birth_topic, payload: config.birth_payload },
      before: await kept.read(),
    });
    const homeAssistant = new HomeAssistant(options, kept, announcer, log);
    homeAssistant.#describe();
    return homeAssistant;
  }

  /** Shows what is different now; then all is announced again. */
  show(change: Partial<Shown>): void {
    this.#shown = { ...this.#shown, ...change };
    if (this.#describe()) this.#options.announce();
  }

  /** What is to be listened to, together with `filters`, of which the messages go on to `receive`. */
  inboxWith(filters: readonly string[], receive: Inbox['receive']): Inbox {
    const announcer = this.#announcer;
    const isOfUse = this.#options.config.enabled || announcer.told !== null;
    return {
      filters,
      keptFilters: isOfUse ? announcer.filters : [],
      receive: (message) => {
        if (announcer.listensTo(message.topic)) this.#receive(message);
        else receive(message);
      },
    };
  }

  #receive({ topic, payload, retain }: IncomingMessage): void {
    const text = Buffer.from(payload).toString();
    const finding = this.#announcer.read({ topic, payload: text, retain });
    if (finding === 'birth') this.#timer.askAfterBirth();
    if (finding === 'emptied' || finding === 'ghost') this.#timer.askAfterEmptying();
  }

  get retainedTopics(): readonly string[] {
    return this.#announcer.topics;
  }

  messages(): readonly PreambleMessage[] {
    return this.#announcer.messages().map(withForm);
  }

  delivered(): void {
    if (this.#announcer.delivered()) this.#kept.keep(this.#announcer.told);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer[Symbol.dispose]();
    await this.#kept[Symbol.asyncDispose]();
  }

  #describe(): boolean {
    const { config, inputOf } = this.#options;
    if (!config.enabled) return false;
    const { devices, problems } = discoveryDocuments(inputOf(this.#shown));
    for (const problem of problems) this.#complain(problem);
    return this.#announcer.show(devices);
  }

  #complain(problem: string): void {
    if (this.#complaints.has(problem) || this.#complaints.size >= MAX_COMPLAINTS) return;
    this.#complaints.add(problem);
    this.#log.warn(`Home Assistant is not shown everything: ${problem}`);
  }
}

/** Topics at which it is announced; none where the configuration does not want it. */
export function discoveryTopics(
  config: Config['discovery'],
  input: DiscoveryInput,
): readonly string[] {
  if (!config.enabled) return [];
  const { devices } = discoveryDocuments(input);
  return announcedTopics(announcedBy(null, devices, discoveryPlace(config)));
}

function discoveryPlace({ prefix, mode, retain }: Config['discovery']): DiscoveryPlace {
  return { prefix, mode, retain };
}

function withForm(message: DiscoveryMessage): PreambleMessage {
  const contentType = message.payload === '' ? null : 'application/json';
  return { ...message, contentType, qos: 1, expiryS: null };
}
