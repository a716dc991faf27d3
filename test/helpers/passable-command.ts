import type { IncomingMessage, MessageProperties } from '../../src/contract/incoming-message.js';
import { fuzzedMessage } from './command-fuzz.js';

/** What Mosquitto does not end a client's connection for, in a topic. */
const LEGAL = /^[^$+#\p{Cc}\p{Cs}\p{Cn}][^+#\p{Cc}\p{Cs}\p{Cn}]*$/u;
const MAX_LEVELS = 200;

/** The next fuzzed message that a broker lets through; of its properties only those that it does. */
export function passableCommand(random: () => number) {
  let message: IncomingMessage;
  do message = fuzzedMessage(random);
  while (!isTopic(message.topic));
  const { topic, payload, retain, properties } = message;
  return { topic, payload: Buffer.from(payload), retain, properties: passable(properties) };
}

function passable(properties: MessageProperties | null) {
  const { responseTopic, correlationData, messageExpiryInterval } = properties ?? {};
  return {
    ...(responseTopic !== undefined && isTopic(responseTopic) && { responseTopic }),
    ...(correlationData !== undefined && { correlationData: Buffer.from(correlationData) }),
    ...(messageExpiryInterval !== undefined && { messageExpiryInterval }),
  };
}

function isTopic(topic: string): boolean {
  const isShort = Buffer.byteLength(topic) < 65_536 && topic.split('/').length < MAX_LEVELS;
  return isShort && LEGAL.test(topic);
}
