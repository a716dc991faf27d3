import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect as connectSecure } from 'node:tls';
import { type ProxyRules, proxyFor } from './proxy.js';

/** How other machines are reached. */
export interface NetworkSettings {
  /** A connection over which nothing comes for so long is given up. */
  readonly silenceMs: number;
  /** Certificates of the authorities to trust, PEM; null for those that Node.js brings. */
  readonly caPem: string | null;
  /** Hosts, with or without port, whose certificates are not checked. */
  readonly trustedHosts: ReadonlySet<string>;
  readonly proxies: ProxyRules;
  /** Values of the header `Authorization` by origin. URLs never hold credentials. */
  readonly credentials: ReadonlyMap<string, string>;
}

/** An open way to a server, and how the request has to be written on it. */
export interface Route {
  readonly socket: Duplex;
  /** The request's target: the whole URL where a proxy is to ask for it. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Opens the way to `url`: straight or through the proxy that is meant for it, with TLS in place. */
export async function openRoute(
  url: URL,
  network: NetworkSettings,
  signal: AbortSignal,
): Promise<Route> {
  const proxy = proxyFor(url, network.proxies);
  const target = `${url.pathname}${url.search}`;
  if (proxy === null) return { socket: connectTo(url, network), target, headers: {} };
  if (url.protocol === 'http:') {
    const socket = connectTo(proxy, network);
    return { socket, target: `${url.origin}${target}`, headers: proxyHeaders(proxy) };
  }
  const tunnel = await openTunnel(url, proxy, network, signal);
  return { socket: secure(url, network, { socket: tunnel }), target, headers: {} };
}

/** The header value for the user and password of a URL. */
export function basicAuthorization({ username, password }: URL): string {
  const pair = `${percentDecoded(username)}:${percentDecoded(password)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

/** As pip does: a percent sign that begins no code stands for itself. */
function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function connectTo(url: URL, network: NetworkSettings): Socket {
  if (url.protocol === 'https:') return secure(url, network, {});
  return limitSilence(connectPlain(hostAndPort(url)), network);
}

function secure(url: URL, network: NetworkSettings, options: ConnectionOptions): Socket {
  const { host, port } = hostAndPort(url);
  const isTrusted =
    network.trustedHosts.has(url.hostname) || network.trustedHosts.has(`${url.hostname}:${port}`);
  const socket = connectSecure({
    ...options,
    host,
    port,
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: !isTrusted,
    ...(isIP(host) === 0 && { servername: host }),
    ...(network.caPem !== null && { ca: network.caPem }),
  });
  return limitSilence(socket, network);
}

/** Asks a proxy to pass bytes on to the host of `url`, by the method CONNECT of RFC 9110. */
async function openTunnel(
  url: URL,
  proxy: URL,
  network: NetworkSettings,
  signal: AbortSignal,
): Promise<Socket> {
  const authority = `${url.hostname}:${hostAndPort(url).port}`;
  const connection = connectTo(proxy, network);
  const request = httpRequest({
    method: 'CONNECT',
    path: authority,
    headers: { host: authority, ...proxyHeaders(proxy) },
    createConnection: () => connection,
    signal,
  });
  request.end();
  const [answer] = (await once(request, 'connect')) as [IncomingMessage];
  // From here on what runs through it is watched instead.
  connection.setTimeout(0);
  if (answer.statusCode === 200) return connection;
  connection.destroy();
  throw new Error(`the proxy answered with status ${answer.statusCode}`);
}

function proxyHeaders(proxy: URL): Readonly<Record<string, string>> {
  return proxy.username === '' ? {} : { 'proxy-authorization': basicAuthorization(proxy) };
}

/** Counts from the look-up of the name on, which `timeout` of a request does not. */
function limitSilence(socket: Socket, { silenceMs }: NetworkSettings): Socket {
  return socket.setTimeout(silenceMs, () => {
    socket.destroy(new Error(`nothing came for ${silenceMs / 1000} s`));
  });
}

function hostAndPort({ hostname, port, protocol }: URL): {
  readonly host: string;
  readonly port: number;
} {
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port) || (protocol === 'https:' ? 443 : 80),
  };
}
