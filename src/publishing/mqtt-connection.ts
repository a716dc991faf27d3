import type { Duplex } from 'node:stream';
import { type IClientOptions, MqttClient, ReasonCodes } from 'mqtt';
import { closure, failureOf, type LinkFailure, refusal } from './link-failure.js';
import { type Endpoint, openStream } from './open-stream.js';
import { foreignAnswer, silenceHint } from './opening-failure.js';
import type { Attempt, Login, Message, Outcome, ProtocolVersion, Session } from './session.js';
import { TopicAliases } from './topic-aliases.js';

/** A frozen broker is noticed after one and a half times this. */
const KEEPALIVE_S = 10;
/** From the CONNECT packet to the broker's answer; `openStream` has a limit of its own. */
const CONNECT_TIMEOUT_MS = 5_000;
/** How long a DISCONNECT may take to get out. */
const GOODBYE_MS = 200;
/** Reason codes of DISCONNECT, MQTT 5.0 section 3.14.2.1. */
const NORMAL = 0x00;
const WITH_WILL = 0x04;
/** Unacknowledged messages at a time; the broker may ask for fewer. */
const MAX_IN_FLIGHT = 32;
/** What a broker may send us. */
const INCOMING = { receiveMaximum: 32, maximumPacketSize: 256 * 1024 };
/** Bytes of a PUBLISH packet besides topic and payload, at most, with the properties used here but user properties. */
const PACKET_OVERHEAD_BYTES = 64;

/**
 * Makes one connection, or tells why there is none; never rejects. The library's own reconnection
 * and queues are not used: they have no bound. Aborting gives up while connecting; a session that
 * is open is the caller's to close.
 */
export async function openSession(
  login: Login,
  protocol: ProtocolVersion,
  signal: AbortSignal,
): Promise<Attempt> {
  const opening = await openStream(login.endpoint, signal);
  return opening.kind === 'open' ? logIn(opening.stream, login, protocol, signal) : opening;
}

function logIn(
  stream: Duplex,
  login: Login,
  protocol: ProtocolVersion,
  signal: AbortSignal,
): Promise<Attempt> {
  return new Promise((resolve) => {
    const client = new MqttClient(() => stream, clientOptions(login, protocol));
    const giveUp = () => stream.destroy();
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) giveUp();

    let failure: LinkFailure | null = null;
    let sawConnack = false;
    const fail = (reason: LinkFailure) => {
      failure ??= reason;
      stream.destroy();
    };
    // Before the library, which knows no better than that this is not MQTT.
    stream.prependOnceListener('data', (bytes: Uint8Array) => {
      const foreign = foreignAnswer(bytes);
      if (foreign) fail(foreign);
    });
    client.on('error', (error) => fail(failureOf(error, sawConnack)));
    client.on('message', (topic, payload, { retain, properties }) =>
      login.onMessage({
        topic,
        payload,
        retain,
        properties: properties ?? null,
        receivedAtMs: Date.now(),
      }),
    );
    client.on('disconnect', ({ reasonCode = 0 }) =>
      fail(refusal(reasonCode, reasonText(reasonCode))),
    );

    const closed = new Promise<LinkFailure>((resolveClosed) => {
      client.once('close', () => {
        signal.removeEventListener('abort', giveUp);
        const reason = withHint(failure ?? closure(sawConnack), login.endpoint);
        resolveClosed(reason);
        if (!sawConnack) resolve({ kind: 'failed', failure: reason });
      });
    });
    client.once('connect', () => {
      sawConnack = true;
      signal.removeEventListener('abort', giveUp);
      resolve({ kind: 'open', session: sessionOver(client, protocol, closed) });
    });
  });
}

function sessionOver(
  client: MqttClient,
  protocol: ProtocolVersion,
  closed: Promise<LinkFailure>,
): Session {
  const {
    receiveMaximum = MAX_IN_FLIGHT,
    maximumPacketSize = Number.POSITIVE_INFINITY,
    topicAliasMaximum = 0,
  } = client.serverProperties ?? {};
  // Not the library's autoAssignTopicAlias: it numbers every topic, and there are few numbers, so
  // that a busy topic loses its own to the next one.
  const aliases = new TopicAliases(protocol === 5 ? topicAliasMaximum : 0);
  const waiting = new Set<(outcome: Outcome) => void>();
  client.once('close', () => {
    for (const settle of waiting) settle({ kind: 'lost' });
  });

  return {
    protocol,
    maxInFlight: Math.min(MAX_IN_FLIGHT, receiveMaximum),
    closed,
    publish: (message) =>
      new Promise((resolve) => {
        if (!client.connected) {
          // The library would keep it for a reconnection that never comes.
          resolve({ kind: 'lost' });
          return;
        }
        const bytes =
          Buffer.byteLength(message.payload) +
          Buffer.byteLength(message.topic) +
          (message.userProperties ? Buffer.byteLength(JSON.stringify(message.userProperties)) : 0);
        if (bytes + PACKET_OVERHEAD_BYTES > maximumPacketSize) {
          // The broker would end the connection instead, and so again after each reconnection.
          const reason = `${bytes} bytes, the broker takes at most ${maximumPacketSize}`;
          resolve({ kind: 'refused', reason });
          return;
        }
        const settle = (outcome: Outcome) => {
          waiting.delete(settle);
          resolve(outcome);
        };
        waiting.add(settle);
        const { topic, alias } = message.isFrequent
          ? aliases.spell(message.topic)
          : { topic: message.topic, alias: null };
        client.publish(topic, payloadOf(message), publishOptions(message, alias), (error) =>
          settle(error ? outcomeOf(error) : { kind: 'delivered' }),
        );
      }),
    flush: () => {
      // The library corks the stream once for each packet.
      while (client.stream.writableCorked > 0) client.stream.uncork();
    },
    subscribe: ({ filters, wantsRetained }) =>
      new Promise((resolve) => {
        // MQTT 5 only; with 3.1.1 the library leaves them out. As published: whether a message was
        // meant to be kept is to be seen, where it is not whether it was.
        const options = { nl: true, rap: !wantsRetained, rh: wantsRetained ? 0 : 2 } as const;
        client.once('close', () => resolve(filters));
        client.subscribe([...filters], { qos: 1, ...options }, (_error, _granted, packet) => {
          const codes = packet?.granted ?? [];
          resolve(filters.filter((_, i) => !(Number(codes[i] ?? 128) < 128)));
        });
      }),
    close: async (how = 'done') => {
      const timer = setTimeout(() => client.stream.destroy(), GOODBYE_MS);
      if (how === 'with-will' && protocol === 4) client.stream.destroy();
      else client.end(false, { reasonCode: how === 'done' ? NORMAL : WITH_WILL });
      await closed;
      clearTimeout(timer);
    },
  };
}

function withHint(failure: LinkFailure, endpoint: Endpoint): LinkFailure {
  if (failure.kind !== 'silent') return failure;
  return { ...failure, detail: `${failure.detail}${silenceHint(endpoint)}` };
}

function clientOptions(login: Login, protocol: ProtocolVersion): IClientOptions {
  const { clientId, username, password, will } = login;
  return {
    clientId,
    ...(username !== null && { username }),
    ...(password !== null && { password }),
    ...(will !== null && {
      will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: will.retain },
    }),
    protocolVersion: protocol,
    clean: true,
    keepalive: KEEPALIVE_S,
    connectTimeout: CONNECT_TIMEOUT_MS,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    // It would keep every number up to 65535 as a buffer of its own: 7 MB.
    writeCache: false,
    ...(protocol === 5 && { properties: { sessionExpiryInterval: 0, ...INCOMING } }),
  };
}

function payloadOf({ payload }: Message): string | Buffer {
  if (typeof payload === 'string') return payload;
  return Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
}

function publishOptions(message: Message, alias: number | null) {
  const { retain, qos, contentType, expiryS, correlationData = null, userProperties } = message;
  return {
    qos,
    retain,
    properties: {
      ...(alias !== null && { topicAlias: alias }),
      ...(contentType !== null && { contentType }),
      ...(expiryS !== null && { messageExpiryInterval: expiryS }),
      ...(correlationData !== null && { correlationData: Buffer.from(correlationData) }),
      ...(userProperties !== undefined && { userProperties }),
    },
  };
}

function outcomeOf(error: Error): Outcome {
  const refused = 'code' in error && typeof error.code === 'number';
  return refused ? { kind: 'refused', reason: error.message } : { kind: 'lost' };
}

function reasonText(code: number): string {
  return ReasonCodes[code as keyof typeof ReasonCodes] || 'disconnected';
}
