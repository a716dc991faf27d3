import { failureOf, type LinkFailure } from './link-failure.js';
import type { Endpoint } from './open-stream.js';

/** How `ws` says that the answer was no consent; the number is the HTTP status. */
const HTTP_STATUS = /^Unexpected server response: (\d+)$/;
/** Statuses that ask for other credentials. */
const FORBIDDEN: ReadonlySet<number> = new Set([401, 403, 407]);
/** What comes when the other side hangs up, or answers something other than HTTP. */
const CUT_SHORT = /^(ECONNRESET|EPIPE|HPE_.*)$/;

/** The failure of an attempt that did not get as far as MQTT. */
export function openingFailure(thrown: unknown, endpoint: Endpoint): LinkFailure {
  const { message, code } = { message: '', code: '', ...described(thrown) };
  const status = Number(HTTP_STATUS.exec(message)?.[1] ?? 0);
  if (status > 0) {
    const kind = FORBIDDEN.has(status) ? 'unauthorised' : 'unreachable';
    const answer = `the server answers with HTTP status ${status} instead of a websocket`;
    return { kind, detail: `${answer}, is the path in mqtt.url right?` };
  }
  if (CUT_SHORT.test(code)) {
    const detail = `connection closed in the handshake, does the port in mqtt.url speak ${language(endpoint)}?`;
    return { kind: 'unreachable', detail };
  }
  // As if MQTT had been spoken: what ends before that is no sign of an old broker.
  return failureOf(thrown, true);
}

/** What may be behind a broker that hangs up on the first packet, as a question to append. */
export function silenceHint({ tls, path }: Endpoint): string {
  if (!tls) return path === null ? '; does this port demand TLS (mqtts://)?' : '';
  if (tls.clientCertificate) return '';
  return '; does it demand a client certificate (mqtt.cert_file)?';
}

/**
 * The failure of a connection whose first bytes are none of MQTT; null when they may be.
 * @param bytes what came first from the broker.
 */
export function foreignAnswer(bytes: Uint8Array): LinkFailure | null {
  const [first, second] = bytes;
  // A TLS record of type alert: RFC 8446 section 5.1.
  if (first === 0x15 && second === 0x03) {
    const detail = 'the port in mqtt.url speaks TLS, the URL has to begin with mqtts:// or wss://';
    return { kind: 'unreachable', detail };
  }
  if (Buffer.from(bytes.subarray(0, 5)).toString('latin1') === 'HTTP/') {
    const detail =
      'the port in mqtt.url speaks HTTP, for websockets the URL has to begin with ws:// or wss://';
    return { kind: 'unreachable', detail };
  }
  return null;
}

function described(thrown: unknown): { readonly message?: string; readonly code?: string } {
  if (!(thrown instanceof Error)) return {};
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
  return { message: thrown.message, code };
}

function language({ tls, path }: Endpoint): string {
  if (path === null) return tls ? 'TLS' : 'MQTT';
  return tls ? 'websockets over TLS (wss)' : 'websockets (ws)';
}
