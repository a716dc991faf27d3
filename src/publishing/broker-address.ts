import { ConfigError } from '../errors.js';
import type { Endpoint, TlsOptions } from './open-stream.js';

/** Where a broker listens, taken apart. */
export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** Path and query of a websocket; null: MQTT straight over TCP or TLS. */
  readonly path: string | null;
  /** User name and password from the URL; null when it has none. */
  readonly username: string | null;
  readonly password: string | null;
  /** The URL without anything secret, for logs and errors. */
  readonly display: string;
}

interface Scheme {
  readonly port: number;
  readonly tls: boolean;
  readonly webSocket: boolean;
}

/** Those of websockets have the ports of HTTP, which a URL drops where it names them. */
const SCHEMES: ReadonlyMap<string, Scheme> = new Map([
  ['mqtt:', { port: 1883, tls: false, webSocket: false }],
  ['mqtts:', { port: 8883, tls: true, webSocket: false }],
  ['ws:', { port: 80, tls: false, webSocket: true }],
  ['wss:', { port: 443, tls: true, webSocket: true }],
]);

/** Where brokers usually offer websockets. */
const DEFAULT_PATH = '/mqtt';

/**
 * Takes apart `mqtt://host:port`, `mqtts://host:port` or `ws://host:port/path` and `wss://…`; ports
 * default to 1883, 8883, 80 and 443, the path to /mqtt.
 * @throws ConfigError on any other URL; the text never holds a password.
 */
export function parseBrokerUrl(url: string): BrokerAddress {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const scheme = parsed && SCHEMES.get(parsed.protocol);
  if (!parsed || !scheme || !parsed.hostname) {
    const expected = 'expected mqtt://host:port, or one with mqtts, ws or wss';
    const detail = `cannot use "${redacted(url)}", ${expected}`;
    throw new ConfigError([{ path: 'mqtt.url', detail }]);
  }
  const port = parsed.port === '' ? scheme.port : Number(parsed.port);
  const path = parsed.pathname === '/' ? DEFAULT_PATH : parsed.pathname;
  return {
    // An IPv6 address stands in brackets in a URL, and without them everywhere else.
    host: parsed.hostname.replace(/^\[(.*)\]$/, '$1'),
    port,
    tls: scheme.tls,
    path: scheme.webSocket ? `${path}${parsed.search}` : null,
    username: decoded(parsed.username),
    password: decoded(parsed.password),
    // Without the query too: that of a websocket may be a token.
    display: `${parsed.protocol}//${parsed.hostname}:${port}${scheme.webSocket ? path : ''}`,
  };
}

/** The way to an address; `options` are for those with TLS. */
export function endpointOf(
  { host, port, path, tls }: BrokerAddress,
  options: TlsOptions,
): Endpoint {
  return { host, port, path, tls: tls ? options : null };
}

function decoded(part: string): string | null {
  if (part === '') return null;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Up to the last `@`: an unescaped one may be part of the password. */
function redacted(url: string): string {
  return url.replace(/^([^/]*\/\/)?.*@/s, '$1***@');
}
