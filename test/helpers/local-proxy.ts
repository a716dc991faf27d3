import { request as httpRequest, type RequestListener } from 'node:http';
import { connect, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { LocalServer } from './local-server.js';

/** A web proxy: passes requests on, and opens tunnels. */
export interface LocalProxy extends AsyncDisposable {
  readonly port: number;
  /** `METHOD target` of each request. */
  readonly asked: string[];
}

/** @param authorization what it wants in `proxy-authorization`, if anything. */
export async function startProxy(authorization?: string): Promise<LocalProxy> {
  const asked: string[] = [];
  const forward: RequestListener = (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (authorization && request.headers['proxy-authorization'] !== authorization) {
      response.writeHead(407).end();
      return;
    }
    const { method, headers } = request;
    httpRequest(request.url ?? '', { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      pipeline(answer, response, () => {});
    })
      .on('error', () => response.writeHead(502).end())
      .end();
  };
  const server = await LocalServer.start(forward);
  server.server.on('connect', (request, client: Socket) => {
    asked.push(`${request.method} ${request.url}`);
    client.on('error', () => client.destroy());
    if (authorization && request.headers['proxy-authorization'] !== authorization) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const [host, port] = (request.url ?? '').split(':');
    const target = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      pipeline(target, client, target, () => {});
    });
    target.on('error', () => client.destroy());
  });
  return {
    port: server.port,
    asked,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
