import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type ListenPlace, listen, portOf } from '../async/listen.js';
import type { LiveView, View, ViewEvent } from './live-view.js';
import { refusalOf } from './request-guard.js';

const PAGE = new URL('../../../src/http/live.html', import.meta.url);
const MAX_VIEWERS = 16;
const MAX_CONNECTIONS = 64;
/** A reader that is further behind gets no further views until it has caught up. */
const MAX_WAITING_BYTES = 64 << 10;
/** A reader that has taken nothing for so long is dropped. */
const STUCK_MS = 15_000;
const TIMEOUTS = { headersTimeout: 5_000, requestTimeout: 10_000, keepAliveTimeout: 5_000 };

export interface LiveServerOptions extends ListenPlace {
  /** Names besides `localhost` under which it may be asked. */
  readonly hostNames: readonly string[];
}

/** Serves the live page, what goes on as server-sent events, and the newest picture. */
export class LiveServer implements AsyncDisposable {
  readonly #view: LiveView;
  readonly #server: Server;
  readonly #hostNames: readonly string[];
  readonly #page = readFileSync(PAGE);
  readonly #policy = contentPolicy(this.#page.toString());
  #viewers = 0;

  private constructor(view: LiveView, hostNames: readonly string[]) {
    this.#view = view;
    this.#hostNames = hostNames;
    this.#server = createServer({ ...TIMEOUTS, maxHeaderSize: 8 << 10 }, (request, response) =>
      this.#answer(request, response),
    );
    this.#server.maxConnections = MAX_CONNECTIONS;
  }

  /** @throws Error when it cannot listen on any of the ports. */
  static async start(options: LiveServerOptions, view: LiveView): Promise<LiveServer> {
    const live = new LiveServer(view, options.hostNames);
    await listen(live.#server, options, 'serve the live page');
    return live;
  }

  get port(): number {
    return portOf(this.#server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    response.on('error', () => {});
    const refusal = refusalOf(request, this.#hostNames);
    if (refusal !== null) {
      response
        .writeHead(refusal.status, { 'content-type': 'text/plain' })
        .end(`${refusal.reason}\n`);
      return;
    }
    const path = request.url ?? '';
    const picture = /^\/picture\/(\d{1,15})\.jpg$/.exec(path)?.[1];
    if (path === '/') this.#givePage(response);
    else if (path === '/live') this.#giveView(request, response);
    else if (picture !== undefined) this.#givePicture(Number(picture), response);
    else response.writeHead(404, { 'content-type': 'text/plain' }).end('there is no such page\n');
  }

  #givePage(response: ServerResponse): void {
    response
      .writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': this.#policy,
        'cache-control': 'no-cache',
        ...COMMON_HEADERS,
      })
      .end(this.#page);
  }

  #givePicture(number: number, response: ServerResponse): void {
    const jpeg = this.#view.picture(number);
    if (jpeg === null) {
      response.writeHead(404, COMMON_HEADERS).end();
      return;
    }
    const headers = { 'content-type': 'image/jpeg', 'cache-control': 'no-store' };
    response.writeHead(200, { ...headers, ...COMMON_HEADERS }).end(jpeg);
  }

  #giveView({ method }: IncomingMessage, response: ServerResponse): void {
    if (this.#viewers >= MAX_VIEWERS) {
      response.writeHead(503, { 'retry-after': '10', ...COMMON_HEADERS }).end();
      return;
    }
    const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store' };
    response.writeHead(200, { ...headers, ...COMMON_HEADERS });
    if (method === 'HEAD') {
      response.end();
      return;
    }
    response.flushHeaders();
    this.#viewers += 1;
    let takenAtMs = performance.now();
    const send = (name: string, data: View | ViewEvent): void => {
      if (response.writableLength <= MAX_WAITING_BYTES) {
        response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
        if (!response.writableNeedDrain) takenAtMs = performance.now();
      } else if (performance.now() - takenAtMs > STUCK_MS) response.destroy();
    };
    const leave = this.#view.join({
      view: (view) => send('view', view),
      event: (event) => send('track', event),
    });
    response.once('close', () => {
      this.#viewers -= 1;
      leave();
    });
  }
}

const COMMON_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};

/** Nothing but the page's own script and style, this server's events and pictures. */
function contentPolicy(page: string): string {
  const hashes = (tag: string): string =>
    [...page.matchAll(new RegExp(`<${tag}>([^]*?)</${tag}>`, 'g'))]
      .map(([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
      .join(' ');
  const sources = [
    "default-src 'none'",
    `script-src ${hashes('script')}`,
    `style-src ${hashes('style')}`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return sources.join('; ');
}
