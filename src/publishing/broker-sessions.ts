import { delay } from '../async/abort.js';
import { Backoff } from '../async/backoff.js';
import type { Log } from '../log.js';
import type { LinkFailure } from './link-failure.js';
import type { Attempt, ProtocolVersion } from './session.js';

/** Delays between attempts: a broker that comes back is found again well within 3 s. */
const RETRY = { minMs: 250, maxMs: 2_000 };
/** Delays after an answer that will not change by itself. */
const REFUSED_RETRY = { minMs: 5_000, maxMs: 30_000 };
/** A connection that lasted this long was a good one: delays and log lines start afresh. */
const STABLE_MS = 5_000;
/** Different failures told between two good connections. */
const MAX_TOLD = 16;

/** Makes one connection; see `openSession`. */
export type OpenSession = (protocol: ProtocolVersion, signal: AbortSignal) => Promise<Attempt>;

/** What is connected to. */
export interface Broker {
  /** URL without user name and password. */
  readonly display: string;
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
  const reports = new Reports(broker.display, log);
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
      if (performance.now() - sinceMs >= STABLE_MS) {
        reports.reset();
        retry.reset();
        refusedRetry.reset();
      }
      if (!signal.aborted) reports.lost(failure);
    } else {
      failure = attempt.failure;
      if (!signal.aborted) reports.failed(failure);
      yield attempt;
    }
    const isRefused = failure.kind === 'unauthorised' || failure.kind === 'taken-over';
    await delay((isRefused ? refusedRetry : retry).nextMs(), signal);
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
  readonly #display: string;
  readonly #log: Log;
  readonly #told = new Set<string>();
  #lastWasConnected = false;

  constructor(display: string, log: Log) {
    this.#display = display;
    this.#log = log;
  }

  reset(): void {
    this.#told.clear();
  }

  connected(protocol: ProtocolVersion): void {
    if (this.#lastWasConnected) return;
    this.#lastWasConnected = true;
    const version = protocol === 5 ? 'MQTT 5' : 'MQTT 3.1.1';
    this.#log.info(`Connected to the broker "${this.#display}" with ${version}`);
  }

  lost({ detail }: LinkFailure): void {
    this.#tell('warn', `Lost the broker "${this.#display}": ${detail}`);
  }

  failed({ kind, detail }: LinkFailure): void {
    const level = kind === 'unauthorised' ? 'error' : 'warn';
    this.#tell(level, `Cannot connect to the broker "${this.#display}": ${detail}`);
  }

  #tell(level: 'warn' | 'error', message: string): void {
    if (this.#told.has(message) || this.#told.size >= MAX_TOLD) return;
    this.#told.add(message);
    this.#lastWasConnected = false;
    this.#log[level](`${message}; trying again`);
  }
}
