/** Where commands come in. */
export interface CommandPlace {
  /** First level or levels of every topic. */
  readonly base: string;
  /** Id of this node. */
  readonly node: string;
}

/** What a command's topic says. */
export interface CommandTopic {
  /** Key of the table of commands, if there is such a command. */
  readonly name: string;
  /** What the answer calls it: the verb, or for a setting all levels below the node. */
  readonly verb: string;
  readonly isSetting: boolean;
  /** Null for what concerns the whole node. */
  readonly camera: string | null;
  /** The level after a setting's name. */
  readonly part: string | null;
}

/** Longest topic that is answered to. */
const MAX_TOPIC_BYTES = 512;
/** Nothing that a command can be called is longer, and answers repeat it. */
const MAX_VERB_LENGTH = 200;
/** Wildcards, control characters and halves of surrogate pairs. */
const ILLEGAL = /[+#\p{Cc}\p{Cs}]/u;

/** Takes a topic apart; null when no command can come in there. */
export function parseCommandTopic(topic: string, place: CommandPlace): CommandTopic | null {
  const root = `${place.base}/${place.node}/`;
  if (!topic.startsWith(root)) return null;
  const rest = topic.slice(root.length);
  if (rest.length > MAX_VERB_LENGTH) return null;
  const request = /^request\/(?<verb>.+)$/su.exec(rest)?.groups;
  if (request?.verb !== undefined) {
    const { verb } = request;
    return { name: verb, verb, isSetting: false, camera: null, part: null };
  }
  const setting = /^(?:cam\/(?<camera>[^/]+)\/)?set\/(?<name>[^/]+)(?:\/(?<part>[^/]+))?$/su.exec(
    rest,
  )?.groups;
  if (setting?.name === undefined) return null;
  const { camera = null, name, part = null } = setting;
  return { name: `set/${name}`, verb: rest, isSetting: true, camera, part };
}

/** Where a command is answered that names no other topic; null when there can be none. */
export function defaultReplyTopic(verb: string, { base, node }: CommandPlace): string | null {
  const topic = `${base}/${node}/response/${verb}`;
  return isTopicName(topic) ? topic : null;
}

/**
 * Whether an answer may go to a topic that the asker chose. Not into the own base except for
 * answers: it would be a command again, or stand where states are believed.
 * @param reserved other branches where everything is believed to come from us.
 */
export function isReplyTopic(topic: string, base: string, reserved: readonly string[]): boolean {
  if (!isTopicName(topic) || topic.startsWith('$')) return false;
  if (isBelow(topic, base)) return /^\/[^/]+\/response\/./.test(topic.slice(base.length));
  return !reserved.some((branch) => isBelow(topic, branch));
}

function isTopicName(topic: string): boolean {
  return topic !== '' && Buffer.byteLength(topic) <= MAX_TOPIC_BYTES && !ILLEGAL.test(topic);
}

function isBelow(topic: string, branch: string): boolean {
  return topic === branch || topic.startsWith(`${branch}/`);
}
