import { delay } from '../async/abort.js';
import { Backoff } from '../async/backoff.js';
import type { Log } from '../log.js';
import type { ClientIdConflict } from './client-id-conflict.js';
import type { LinkFailure, LinkFailureKind } from './link-failure.js';
import type { Attempt, ProtocolVersion } from './session.js';

/** Delays between attempts: a broker that comes back is found again well within 3 s. */
const RETRY = { minMs: 250, maxMs: 2_000 };
/** Delays after an answer that will not change by itself. */
const REFUSED_RETRY = { minMs: 5_000, maxMs: 30_000 };
/** A connection that lasted this long was a good one: delays and log lines start afresh. */
const STABLE_MS = 5_000;
/** Different failures told between two good connections. */
const MAX_TOLD = 16;
/** Answers that will not change before somebody changes something. */
const LASTING: ReadonlySet<LinkFailureKind> = new Set(['unauthorised', 'untrusted', 'taken-over']);

/** Makes one connection; see `openSession`. */
export type OpenSession = (protocol: ProtocolVersion, signal: AbortSignal) => Promise<Attempt>;

/** What is connected to. */
export interface Broker {
  /** URL without user name and password. */
  readonly display: string;
  readonly clientId: string;
  /** Is told of sessions that another client may have ended. */
  readonly conflict: ClientIdConflict;
  /** MQTT version to speak; `auto` is 5, or 3.1.1 with a broker that does not know 5. */
  readonly protocol: 'auto' | ProtocolVersion;
  readonly open: OpenSession;
}

/**
 * Connects, for ever: gives each attempt's result, and after a session has ended makes the next
 * attempt. Says what happens in the log, the same failure once only. Ends when `signal` is aborted.
 */
export async function* brokerSessions(
  broker: Broker,
  log: Log,
  signal: AbortSignal,
): AsyncGenerator<Attempt, void> {
  const versions = new ProtocolChoice(broker);
  const reports = new Reports(broker, log);
  const retry = new Backoff(RETRY);
  const refusedRetry = new Backoff(REFUSED_RETRY);

  while (!signal.aborted) {
    const attempt = await versions.open(signal);
    let failure: LinkFailure;
    if (attempt.kind === 'open') {
      const sinceMs = performance.now();
      reports.connected(attempt.session.protocol);
      yield attempt;
      failure = await attempt.session.closed;
      const isStable = performance.now() - sinceMs >= STABLE_MS;
      if (isStable) {
        reports.reset();
        retry.reset();
        refusedRetry.reset();
      }
      if (!signal.aborted) reports.lost(failure, !isStable);
    } else {
      failure = attempt.failure;
      if (!signal.aborted) reports.failed(failure);
      yield attempt;
    }
    await delay((LASTING.has(failure.kind) ? refusedRetry : retry).nextMs(), signal);
  }
}

/**
 * Which MQTT version to speak. A broker that names the version as the reason of its refusal is
 * believed for good. One that only hangs up may just be starting, so 5 is tried first again the
 * next time.
 */
class ProtocolChoice {
  readonly #broker: Broker;
  #knowsFive = false;
  #refusesFive = false;

  constructor(broker: Broker) {
    this.#broker = broker;
  }

  async open(signal: AbortSignal): Promise<Attempt> {
    const { open, protocol } = this.#broker;
    if (protocol !== 'auto') return open(protocol, signal);
    if (this.#refusesFive) return open(4, signal);

    const attempt = await open(5, signal);
    if (attempt.kind === 'open') {
      this.#knowsFive = true;
      return attempt;
    }
    this.#refusesFive = attempt.failure.kind === 'wrong-protocol';
    const mayBeOld = attempt.failure.kind === 'silent' && !this.#knowsFive;
    return (this.#refusesFive || mayBeOld) && !signal.aborted ? open(4, signal) : attempt;
  }
}

/** Tells each failure once, until a good connection. */
class Reports {
  readonly #broker: Broker;
  readonly #log: Log;
  readonly #told = new Set<string>();
  #lastWasConnected = false;

  constructor(broker: Broker, log: Log) {
    this.#broker = broker;
    this.#log = log;
  }

  reset(): void {
    this.#told.clear();
  }

  connected(protocol: ProtocolVersion): void {
    if (this.#lastWasConnected) return;
    this.#lastWasConnected = true;
    const version = protocol === 5 ? 'MQTT 5' : 'MQTT 3.1.1';
    this.#log.info(`Connected to the broker "${this.#broker.display}" with ${version}`);
  }

  /** @param isSoon the connection had only just been made. */
  lost({ kind, detail }: LinkFailure, isSoon: boolean): void {
    const { conflict, display } = this.#broker;
    const message = `Lost the broker "${display}": ${detail}`;
    const nowMs = performance.now();
    const isSuspect = conflict.ended(kind === 'hung-up' && isSoon, nowMs);
    if (kind !== 'taken-over') this.#tell('warn', message);
    // Each of the sessions between may count as a good one, and the story would begin again.
    else if (conflict.takenOver(nowMs)) this.#say('error', `${message}: ${this.#rival}`);
    if (isSuspect) this.#say('error', `${message} again and again: maybe ${this.#rival}`);
  }

  failed({ kind, detail }: LinkFailure): void {
    const message = `Cannot connect to the broker "${this.#broker.display}": ${detail}`;
    this.#tell(LASTING.has(kind) ? 'error' : 'warn', message);
  }

  get #rival(): string {
    const remedy = 'give each Lookout a node, camera.id or mqtt.client_id of its own';
    return `another client uses the client id "${this.#broker.clientId}" too, ${remedy}`;
  }

  #tell(level: 'warn' | 'error', message: string): void {
    if (this.#told.has(message) || this.#told.size >= MAX_TOLD) return;
    this.#told.add(message);
    this.#say(level, message);
  }

  #say(level: 'warn' | 'error', message: string): void {
    this.#lastWasConnected = false;
    this.#log[level](`${message}; trying again`);
  }
}
