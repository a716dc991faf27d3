import { X509Certificate } from 'node:crypto';
import { ConfigError, messageOf } from '../errors.js';

/** Where a broker listens, taken apart. */
export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** User name and password from the URL; null when it has none. */
  readonly username: string | null;
  readonly password: string | null;
  /** The URL without user name and password, for logs and errors. */
  readonly display: string;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'mqtt:': 1883, 'mqtts:': 8883 };

/**
 * Takes apart `mqtt://host:port` or `mqtts://host:port`; ports default to 1883 and 8883.
 * @throws ConfigError on any other URL; the text never holds a password.
 */
export function parseBrokerUrl(url: string): BrokerAddress {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const defaultPort = parsed && DEFAULT_PORTS[parsed.protocol];
  if (!parsed || !defaultPort || !parsed.hostname) {
    const detail = `cannot use "${redacted(url)}", expected mqtt://host:port or mqtts://host:port`;
    throw new ConfigError([{ path: 'mqtt.url', detail }]);
  }
  const port = parsed.port === '' ? defaultPort : Number(parsed.port);
  return {
    // An IPv6 address stands in brackets in a URL, and without them everywhere else.
    host: parsed.hostname.replace(/^\[(.*)\]$/, '$1'),
    port,
    tls: parsed.protocol === 'mqtts:',
    username: decoded(parsed.username),
    password: decoded(parsed.password),
    display: `${parsed.protocol}//${parsed.hostname}:${port}`,
  };
}

/**
 * Checks the certificate of a private CA, in PEM form. Node ignores in silence what it cannot read,
 * and the connection then fails for a reason that leads nowhere near the cause.
 * @throws ConfigError when it holds no certificate.
 */
export function checkCaPem(caPem: string): void {
  try {
    new X509Certificate(caPem);
  } catch (cause) {
    const expected = 'expected PEM text with "-----BEGIN CERTIFICATE-----"';
    const detail = `cannot read the CA certificate: ${messageOf(cause)}, ${expected}`;
    throw new ConfigError([{ path: 'mqtt.ca_file', detail }], { cause });
  }
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
