import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** Why a request is refused. */
export interface Refusal {
  readonly status: 400 | 403 | 405 | 404;
  readonly reason: string;
}

/**
 * Refuses what a browser would only send on behalf of a foreign page: a name in `Host` that is not
 * ours means that some name was pointed at this address (DNS rebinding), a foreign `Origin` that
 * another page asks. Addresses are never foreign.
 * @param hostNames names besides `localhost` under which this server may be asked.
 */
export function refusalOf(
  { method, headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  hostNames: readonly string[],
): Refusal | null {
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, reason: 'only GET and HEAD' };
  const host = hostNameOf(`http://${headers.host ?? ''}`);
  if (host === null) return { status: 400, reason: 'no valid Host' };
  const isOurs = (name: string): boolean =>
    name === 'localhost' || isIP(name) !== 0 || hostNames.includes(name);
  if (!isOurs(host)) return { status: 403, reason: 'a foreign Host' };
  const { origin } = headers;
  if (origin !== undefined && origin !== `http://${headers.host}`) {
    return { status: 403, reason: 'a foreign Origin' };
  }
  const site = headers['sec-fetch-site'];
  if (site === 'cross-site' || site === 'same-site') {
    return { status: 403, reason: 'asked by a foreign page' };
  }
  return null;
}

function hostNameOf(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { hostname, pathname, username, search } = new URL(url);
  if (pathname !== '/' || username !== '' || search !== '') return null;
  return hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
}
