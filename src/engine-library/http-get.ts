import { once } from 'node:events';
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { delay } from '../async/abort.js';
import { Backoff } from '../async/backoff.js';
import { messageOf } from '../errors.js';
import { type NetworkSettings, openRoute } from './connection.js';
import { proxyFor } from './proxy.js';

const MAX_ATTEMPTS = 3;
const PAUSE = { minMs: 500, maxMs: 4000 };
const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Failures of a moment; a host that is not there or refuses is no such thing. */
const PASSING = new Set<unknown>(['ECONNRESET', 'EPIPE', 'EAI_AGAIN']);
const WORDS = new Map<unknown, string>([
  ['ENOTFOUND', 'there is no such host'],
  ['EAI_AGAIN', 'its name cannot be looked up; there may be no network'],
  ['ECONNREFUSED', 'it refuses connections'],
  ['ECONNRESET', 'the connection broke'],
  ['EPIPE', 'the connection broke'],
  ['ENETUNREACH', 'there is no network to it'],
  ['EHOSTUNREACH', 'there is no way to it'],
  ['ETIMEDOUT', 'it does not answer'],
]);

/** What is asked for. */
export interface HttpRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly network: NetworkSettings;
}

/** What came, after redirects. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Where it came from in the end. */
  readonly url: URL;
  /** To be read at most once; it need not be read to its end. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** The answer was not whole, or a server had a bad moment: worth another attempt. */
export class BrokenTransferError extends Error {
  override readonly name = 'BrokenTransferError';
}

/**
 * Asks by GET and hands the answer to `read`, up to three times where a failure may pass: then
 * `read` is called anew. Whatever comes of it, the connection is closed at the end.
 * @returns what `read` returns.
 * @throws Error that names the host and not more of the address, which may hold secrets.
 */
export async function httpGet<T>(
  request: HttpRequest,
  read: (answer: HttpAnswer) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const backoff = new Backoff(PAUSE);
  for (let attempt = 1; ; attempt++) {
    try {
      return await getOnce(request, read, signal);
    } catch (error) {
      signal.throwIfAborted();
      const mayPass = error instanceof BrokenTransferError && attempt < MAX_ATTEMPTS;
      if (!mayPass) throw error;
    }
    await delay(backoff.nextMs(), signal);
  }
}

async function getOnce<T>(
  request: HttpRequest,
  read: (answer: HttpAnswer) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  let { url } = request;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const step = await visit({ ...request, url }, read, signal);
    if (step.kind === 'answer') return step.value;
    url = step.url;
  }
  throw new Error(`"${url.host}": more than ${MAX_REDIRECTS} redirects`);
}

type Step<T> =
  | { readonly kind: 'answer'; readonly value: T }
  | { readonly kind: 'redirect'; readonly url: URL };

async function visit<T>(
  request: HttpRequest,
  read: (answer: HttpAnswer) => Promise<T>,
  signal: AbortSignal,
): Promise<Step<T>> {
  const { url } = request;
  try {
    const response = await exchange(request, signal);
    const { statusCode: status = 0, headers } = response;
    try {
      if (REDIRECTS.has(status) && headers.location !== undefined) {
        return { kind: 'redirect', url: redirected(headers.location, url) };
      }
      if (status >= 500 || status === 429) throw new BrokenTransferError(`status ${status}`);
      return { kind: 'answer', value: await read({ status, headers, url, body: response }) };
    } finally {
      response.destroy();
    }
  } catch (error) {
    throw namedError(error, request);
  }
}

function namedError(error: unknown, { url, network }: HttpRequest): Error {
  const proxy = proxyFor(url, network.proxies);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const mayPass = error instanceof BrokenTransferError || PASSING.has(code);
  const place = proxy ? `"${url.host}" through the proxy "${proxy.host}"` : `"${url.host}"`;
  const message = `${place}: ${WORDS.get(code) ?? messageOf(error)}`;
  return new (mayPass ? BrokenTransferError : Error)(message, { cause: error });
}

async function exchange(
  { url, headers, network }: HttpRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const route = await openRoute(url, network, signal);
  const authorization = network.credentials.get(url.origin);
  const message = httpRequest({
    path: route.target,
    headers: {
      host: url.host,
      'accept-encoding': 'identity',
      connection: 'close',
      ...headers,
      ...route.headers,
      ...(authorization !== undefined && { authorization }),
    },
    createConnection: () => route.socket,
    signal,
  });
  message.end();
  const [response] = (await once(message, 'response')) as [IncomingMessage];
  // What breaks from now on is for the reader of the response to know, and why.
  message.on('error', (error) => response.destroy(error));
  return response;
}

function redirected(location: string, from: URL): URL {
  const base = from.href;
  if (!URL.canParse(location, base)) throw new Error('redirects to what is no address');
  const url = new URL(location, base);
  if (url.protocol === 'https:' || url.protocol === from.protocol) return url;
  throw new Error(`redirects to ${url.protocol}, expected https:`);
}
