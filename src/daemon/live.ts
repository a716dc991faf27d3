import type { Config } from '../config/schema.js';
import { zonesOf } from '../config/zone-list.js';
import type { Frame } from '../domain/frame.js';
import { messageOf } from '../errors.js';
import type { LiveServer, LiveServerOptions } from '../http/live-server.js';
import { LiveView } from '../http/live-view.js';
import type { Log } from '../log.js';
import type { Publisher } from '../publishing/publisher.js';
import { encodeFrame } from './picture-wiring.js';

/** A live page that is served. */
export interface LivePage extends AsyncDisposable {
  readonly view: LiveView;
  readonly url: string;
}

/**
 * Serves the live page where the configuration wants one; null where it does not, and where it
 * cannot be served, which is logged: detection goes on without it.
 * @param lastFrame gives the frame that was detected last; null: no picture is shown.
 * @param tries how many ports are tried while they are taken.
 */
export async function startLivePage(
  { http, zones }: Pick<Config, 'http' | 'zones'>,
  lastFrame: (() => Frame | null) | null,
  log: Log,
  tries: number,
): Promise<LivePage | null> {
  if (!http.enabled) return null;
  const view = new LiveView({ frame: lastFrame, zones: zonesOf(zones), encode: encodeFrame, log });
  const { host, port, names: hostNames } = http;
  const server = await startServer({ host, port, tries, hostNames }, view, log);
  if (server === null) return null;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${server.port}/`;
  log.info('The live page is there', { url });
  return { view, url, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

async function startServer(
  options: LiveServerOptions,
  view: LiveView,
  log: Log,
): Promise<LiveServer | null> {
  try {
    const { LiveServer: Server } = await import('../http/live-server.js');
    return await Server.start(options, view);
  } catch (error) {
    log.error(messageOf(error));
    return null;
  }
}

/** A publisher whose states and events go to the live page as well. */
export function withLivePage(publisher: Publisher, page: LivePage | null): Publisher {
  if (page === null) return publisher;
  const { view } = page;
  return {
    setState: (update) => {
      publisher.setState(update);
      view.setState(update);
    },
    publishEvent: (event) => {
      view.publishEvent(event);
      return publisher.publishEvent(event);
    },
    [Symbol.asyncDispose]: () => publisher[Symbol.asyncDispose](),
  };
}
