import type { IncomingMessage } from '../contract/incoming-message.js';
import type { Zone } from '../domain/zone.js';
import type { EventBacklog } from './event-backlog.js';
import type { TlsOptions } from './open-stream.js';
import type { Preamble } from './preamble.js';
import type { RetainedManifest } from './retained-manifest.js';
import type { ProtocolVersion } from './session.js';

/** How to reach the broker, and under which names to publish. */
export interface MqttPublisherOptions {
  /** See `parseBrokerUrl`. */
  readonly url: string;
  /** They win over a user name and password in the URL; null: none, or those of the URL. */
  readonly username: string | null;
  readonly password: string | null;
  readonly clientId: string;
  /** MQTT version; `auto` is 5, or 3.1.1 with a broker that does not know 5. */
  readonly protocol: 'auto' | ProtocolVersion;
  /** What a URL with `mqtts` or `wss` needs, asked for at each connection; must not reject. */
  readonly tls: () => TlsOptions | Promise<TlsOptions>;
  /** Nothing is connected to before this has resolved. */
  readonly notBefore?: Promise<void>;
  /** First level of every topic. */
  readonly baseTopic: string;
  /** Ids that match SLUG_PATTERN. */
  readonly nodeId: string;
  readonly cameraId: string;
  /** The camera's coordinate frame. */
  readonly frameId: string;
  /** Zones of the camera. */
  readonly zones: readonly Zone[];
  readonly bootId: string;
  /** How long the broker keeps an event for a subscriber that is away (MQTT 5). */
  readonly eventTtlS: number;
  /** The same for an event that came late. */
  readonly historyTtlS: number;
  /** An event that could not be sent for this long is history, no news. */
  readonly liveWindowMs: number;
  /** Whether the machine knows the time now; null: it does not tell. */
  readonly isClockSynced: () => boolean | null;
  /** Where events are kept while the broker is away, the publisher's from now on; null: nowhere. */
  readonly backlog: EventBacklog | null;
  /** Where the list of retained topics is kept, the publisher's from now on; null: nowhere. */
  readonly manifest: RetainedManifest | null;
  /** Who gets what comes in; null: nothing is listened to. */
  readonly inbox: Inbox | null;
  /** What is told before all states; null: nothing. */
  readonly preamble: Preamble | null;
}

/** What comes in. */
export interface Inbox {
  /** Topic filters to listen to. */
  readonly filters: readonly string[];
  /**
   * Further ones, on which what the broker has kept is wanted too. There `retain` says that it was
   * kept; elsewhere, with MQTT 5, that it was meant to be.
   */
  readonly keptFilters: readonly string[];
  /** Takes a message; must not throw. */
  receive(message: IncomingMessage): void;
}
