import { type Announced, announcedTopics, ownTopicFilters } from './announced.js';

/** How Home Assistant says that it has started; its user may have changed both. */
export interface BirthMessage {
  /** `homeassistant/status` by default. */
  readonly topic: string;
  /** `online` by default. */
  readonly payload: string;
}

/** A message on one of the topics that are watched. */
export interface WatchedMessage {
  readonly topic: string;
  readonly payload: string;
  /** Whether the broker had kept it. */
  readonly retain: boolean;
}

/**
 * What a message asks for. `birth` and `emptied`: to announce again. `ghost`: to clear this topic,
 * which holds something under our ids that we do not announce.
 */
export type Finding =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'birth' }
  | { readonly kind: 'emptied' }
  | { readonly kind: 'ghost'; readonly topic: string };

const NOTHING = { kind: 'nothing' } as const;

/**
 * Understands what others, Home Assistant above all, publish on its birth topic and on our own
 * discovery topics. Home Assistant empties the latter when its user deletes one of our entities or
 * devices; before 2026.11 it loses the whole device for one entity.
 */
export class HomeAssistantWatch {
  readonly #birth: BirthMessage;
  #filters: readonly string[] = [];
  #topics: ReadonlySet<string> = new Set();

  constructor(birth: BirthMessage) {
    this.#birth = birth;
  }

  /**
   * Takes what is announced from now on, null: nothing any more. To be called before the messages
   * are sent, so that our own emptying of a topic is not taken for somebody else's.
   */
  expect(announced: Announced | null): void {
    this.#topics = new Set(announced ? announcedTopics(announced) : []);
    this.#filters = announced ? ownTopicFilters(announced) : [];
  }

  /** The topic filters to subscribe to. */
  get filters(): readonly string[] {
    return [this.#birth.topic, ...this.#filters];
  }

  /** Whether a message on this topic came by one of the filters. */
  listensTo(topic: string): boolean {
    return this.filters.some((filter) => matches(filter, topic));
  }

  /** Says what a message asks for. */
  read({ topic, payload, retain }: WatchedMessage): Finding {
    if (topic === this.#birth.topic) {
      // A birth that the broker has kept is an old one, and a new connection announces anyway.
      return payload === this.#birth.payload && !retain ? { kind: 'birth' } : NOTHING;
    }
    if (this.#topics.has(topic)) return payload === '' ? { kind: 'emptied' } : NOTHING;
    const isOurs = this.#filters.some((filter) => matches(filter, topic));
    return isOurs && payload !== '' ? { kind: 'ghost', topic } : NOTHING;
  }
}

/** Whether a topic matches a filter whose only wildcard is `+`. */
function matches(filter: string, topic: string): boolean {
  const levels = topic.split('/');
  const wanted = filter.split('/');
  return (
    levels.length === wanted.length &&
    wanted.every((level, index) => level === '+' || level === levels[index])
  );
}
