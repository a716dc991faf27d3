import { once } from 'node:events';
import { isIPv6, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, WebSocket } from 'ws';
import type { Endpoint } from './open-stream.js';

/** Longest message of the broker; it may put several MQTT packets into one. */
const MAX_MESSAGE_BYTES = 1 << 20;

/**
 * Makes a websocket of an open connection (RFC 6455, and MQTT 5.0 section 6 for what it carries).
 * The stream hands on what the connection's own backpressure says, and owns the connection.
 * @throws Error when the other side does not agree to it.
 */
export async function upgrade(
  socket: Socket,
  { host, port, tls, path }: Endpoint,
): Promise<Duplex> {
  const authority = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
  const webSocket = new WebSocket(`${tls ? 'wss' : 'ws'}://${authority}${path}`, 'mqtt', {
    createConnection: () => socket,
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
  });
  const stream = createWebSocketStream(webSocket);
  // The failure is told by the websocket; unheard on the stream it would end the process.
  stream.on('error', () => {});
  await once(webSocket, 'open');
  return stream;
}
