import type { IncomingMessage } from '../contract/incoming-message.js';
import type { MessageForm } from '../contract/topic-table.js';
import type { LinkFailure } from './link-failure.js';
import type { Endpoint } from './open-stream.js';

/** MQTT 3.1.1 and MQTT 5, by the number in the CONNECT packet. */
export type ProtocolVersion = 4 | 5;

/** One message. With QoS 1 it arrives, maybe twice; with QoS 0 it may be lost. */
export interface Message extends MessageForm {
  readonly topic: string;
  /** Bytes stay as they are until the message is out. */
  readonly payload: string | Uint8Array;
  readonly retain: boolean;
  /** Whether more follow on this topic: it is spelled once a connection (MQTT 5, QoS 0 only). */
  readonly isFrequent?: boolean;
  /** What an answer carries so that the asker knows it (MQTT 5 only). */
  readonly correlationData?: Uint8Array | null;
  /** For programs that look at messages without reading them (MQTT 5 only). */
  readonly userProperties?: Record<string, string>;
}

/**
 * What became of a message. `refused`: the broker will not take it, now or ever. `lost`: the
 * connection ended without an answer.
 */
export type Outcome =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'lost' };

/** What to listen to on a connection. */
export interface Subscriptions {
  /** Topic filters. */
  readonly filters: readonly string[];
  /** Whether messages that the broker has kept are wanted as well; MQTT 5 only. */
  readonly wantsRetained: boolean;
}

/** One connection that the broker has accepted. */
export interface Session {
  readonly protocol: ProtocolVersion;
  /** Messages that may be waiting for an answer at a time; keeping to it is the caller's duty. */
  readonly maxInFlight: number;
  /** Never rejects, and settles at the latest when the connection ends. */
  publish(message: Message): Promise<Outcome>;
  /** Writes at once what was published in this turn of the event loop, instead of at its end. */
  flush(): void;
  /**
   * Listens to topics until the connection ends.
   * @returns the filters that the broker refuses; all of them when the connection ended meanwhile.
   */
  subscribe(subscriptions: Subscriptions): Promise<readonly string[]>;
  /**
   * Says good-bye, and cuts the connection when that takes over 200 ms. The will is not sent when
   * all is `done`, and sent at once `with-will`: with MQTT 5 in good order (DISCONNECT 0x04), with
   * 3.1.1, which has no word for it, by cutting the connection.
   */
  close(how?: 'done' | 'with-will'): Promise<void>;
  /** Settles when the connection has ended, whoever ended it. */
  readonly closed: Promise<LinkFailure>;
}

export type Attempt =
  | { readonly kind: 'open'; readonly session: Session }
  | { readonly kind: 'failed'; readonly failure: LinkFailure };

/** Who connects to what. */
export interface Login {
  readonly endpoint: Endpoint;
  readonly clientId: string;
  readonly username: string | null;
  readonly password: string | null;
  /** What the broker publishes when the connection ends without a good-bye; null: nothing. */
  readonly will: Message | null;
  /** Is given what comes in; must not throw. */
  readonly onMessage: (message: IncomingMessage) => void;
}
