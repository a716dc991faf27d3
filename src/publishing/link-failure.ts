import { messageOf } from '../errors.js';
import { tlsProblem } from './tls-failure.js';

/** Why there is no connection, as far as it makes a difference to what is tried next. */
export type LinkFailureKind =
  /** The broker does not speak this version of MQTT. */
  | 'wrong-protocol'
  /** Closed before the broker said anything: how some old brokers answer MQTT 5. */
  | 'silent'
  /** Wrong user, password, client id or permission: trying again at once is pointless. */
  | 'unauthorised'
  /** A certificate, the broker's or ours, is not accepted; nothing else has been sent. */
  | 'untrusted'
  /** Another client with the same id has pushed this one out. */
  | 'taken-over'
  /** Closed without a word by a broker that had accepted the connection. */
  | 'hung-up'
  | 'unreachable';

/** A connection that failed or was lost. */
export interface LinkFailure {
  readonly kind: LinkFailureKind;
  /** Half a sentence for people; never holds a password. */
  readonly detail: string;
}

/** Codes of CONNACK and DISCONNECT, MQTT 3.1.1 (below 128) and 5, that are no mere outage. */
const KINDS: ReadonlyMap<number, LinkFailureKind> = new Map([
  [1, 'wrong-protocol'],
  [132, 'wrong-protocol'],
  [2, 'unauthorised'],
  [4, 'unauthorised'],
  [5, 'unauthorised'],
  [133, 'unauthorised'],
  [134, 'unauthorised'],
  [135, 'unauthorised'],
  [138, 'unauthorised'],
  [140, 'unauthorised'],
  [142, 'taken-over'],
]);

/** Node's codes and the library's messages whose own text is missing or says too little. */
const DETAILS: ReadonlyMap<string, string> = new Map([
  ['connack timeout', 'the broker does not answer'],
  ['Keepalive timeout', 'the broker has stopped answering'],
  ['ECONNREFUSED', 'connection refused, no broker listens there'],
  ['ECONNRESET', 'connection reset'],
  ['EPIPE', 'connection reset'],
  ['EHOSTUNREACH', 'host unreachable'],
  ['ENETUNREACH', 'network unreachable'],
  ['ETIMEDOUT', 'no answer from the host'],
  ['ENOTFOUND', 'host name not found'],
  ['EAI_AGAIN', 'host name cannot be resolved at the moment'],
]);

/** The failure behind an answer of the broker; `reason` is the standard's text for the code. */
export function refusal(code: number, reason: string): LinkFailure {
  return {
    kind: KINDS.get(code) ?? 'unreachable',
    detail: `the broker says "${reason}" (code ${code})`,
  };
}

/** The failure behind a closed connection; `sawConnack`: the broker had accepted it before. */
export function closure(sawConnack: boolean): LinkFailure {
  return sawConnack
    ? { kind: 'hung-up', detail: 'the broker closed the connection' }
    : { kind: 'silent', detail: 'the broker closed the connection without an answer' };
}

/** The failure behind whatever a socket or the MQTT library threw. */
export function failureOf(thrown: unknown, sawConnack: boolean): LinkFailure {
  const code = codeOf(thrown);
  if (typeof code === 'number') return refusal(code, messageOf(thrown));
  // A broker that closes with bytes of ours unread resets the connection instead.
  if (!sawConnack && (code === 'ECONNRESET' || code === 'EPIPE')) return closure(false);
  const problem = tlsProblem(thrown, Date.now());
  if (problem) {
    return { kind: problem.isDistrust ? 'untrusted' : 'unreachable', detail: problem.detail };
  }
  const message = messageOf(thrown);
  const detail = DETAILS.get(code ?? message) ?? (message || code || 'unknown error');
  return { kind: 'unreachable', detail };
}

function codeOf(thrown: unknown): number | string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined;
  const { code } = thrown;
  return typeof code === 'number' || typeof code === 'string' ? code : undefined;
}
