/** How a topic is spelled in a message: in full, by a number, or both, which ties them. */
export interface SpelledTopic {
  /** Empty where the number stands for it. */
  readonly topic: string;
  /** Null: none. */
  readonly alias: number | null;
}

/**
 * Numbers that stand for topics (MQTT 5.0 section 3.3.2.3.4). They hold for one connection; each of
 * these is for one.
 */
export class TopicAliases {
  readonly #maximum: number;
  readonly #numbers = new Map<string, number>();

  /** @param maximum highest number that the broker takes; 0: none. */
  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  /** Spells the topic of a message that is sent now. With no number left, topics stay in full. */
  spell(topic: string): SpelledTopic {
    const known = this.#numbers.get(topic);
    if (known !== undefined) return { topic: '', alias: known };
    if (this.#numbers.size >= this.#maximum) return { topic, alias: null };
    const alias = this.#numbers.size + 1;
    this.#numbers.set(topic, alias);
    return { topic, alias };
  }
}
