import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, connect as open } from 'node:net';
import { describe, it } from 'node:test';
import { connect, connectAsync, type IConnackPacket } from 'mqtt';
import { EmbeddedBroker, type EmbeddedBrokerOptions } from '../../src/broker/embedded-broker.js';
import type { Log } from '../../src/log.js';
import { eventually } from '../helpers/eventually.js';
import { noMosquitto } from '../helpers/mosquitto.js';
import { MosquittoSubscriber } from '../helpers/mosquitto-subscriber.js';

const SILENT: Log = { error() {}, warn() {}, info() {}, debug() {} };
const ANYWHERE: EmbeddedBrokerOptions = { host: '127.0.0.1', port: 0, tries: 1, credentials: null };

function start(options: Partial<EmbeddedBrokerOptions> = {}): Promise<EmbeddedBroker> {
  return EmbeddedBroker.start({ ...ANYWHERE, ...options }, SILENT);
}

/** Publishes with Mosquitto's client and says whether the broker took it. */
async function publish(
  port: number,
  topic: string,
  payload: string,
  ...more: string[]
): Promise<boolean> {
  const args = ['-h', '127.0.0.1', '-p', `${port}`, '-V', '311', '-q', '1', '-t', topic, '-s'];
  const client = spawn('mosquitto_pub', [...args, ...more], { timeout: 5_000 });
  client.stdin.on('error', () => {});
  client.stdin.end(payload);
  const [code] = (await once(client, 'exit')) as [number | null];
  return code === 0;
}

describe('EmbeddedBroker', { skip: noMosquitto }, () => {
  it('gives messages on, and keeps those that are to be retained', async () => {
    await using broker = await start();
    const { port } = broker;
    await using early = await MosquittoSubscriber.start(port, '-V', '311');
    await publish(port, 'a/state', 'ON', '-r');
    await publish(port, 'a/event', 'happened');
    await eventually('both have come', () => early.payloads('a/').length === 2);
    await using late = await MosquittoSubscriber.start(port, '-V', '311');
    await eventually('the state is told again', () => late.last('a/state') === 'ON');
    assert.equal(late.last('a/event'), undefined);
  });

  it('takes the next port while others are taken, as often as it may', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    await using broker = await start({ port, tries: 20 });
    assert.ok(broker.port > port && broker.port < port + 20);
    const text = `Cannot start the embedded broker on 127.0.0.1:${port}: another program listens there`;
    await assert.rejects(start({ port }), { message: text });
    other.close();
  });

  it('lets in only who knows the password, where there is one', async () => {
    await using broker = await start({ credentials: { username: 'pi', password: 'secret' } });
    const { port } = broker;
    assert.ok(await publish(port, 'a', 'x', '-u', 'pi', '-P', 'secret'));
    assert.ok(!(await publish(port, 'a', 'x', '-u', 'pi', '-P', 'wrong')));
    assert.ok(!(await publish(port, 'a', 'x')));
  });

  it('refuses messages that are too large and goes on', async () => {
    await using broker = await start();
    const { port } = broker;
    assert.ok(!(await publish(port, 'a', 'x'.repeat(300_000))));
    assert.ok(await publish(port, 'a', 'x'.repeat(200_000)));
  });

  it('keeps nothing for a client that has left', async () => {
    await using broker = await start();
    const { port } = broker;
    const url = `mqtt://127.0.0.1:${port}`;
    const session = { clientId: 'me', clean: false } as const;
    const first = await connectAsync(url, session);
    await first.subscribeAsync('a/#', { qos: 1 });
    await first.endAsync();
    await publish(port, 'a/missed', 'x');
    const again = connect(url, session);
    const seen: string[] = [];
    again.on('message', (topic) => seen.push(topic));
    const greeting = await new Promise<IConnackPacket>((tell) => again.once('connect', tell));
    assert.equal(greeting.sessionPresent, false);
    await again.subscribeAsync('a/#', { qos: 1 });
    await publish(port, 'a/seen', 'x');
    await eventually('it listens again', () => seen.includes('a/seen'));
    assert.deepEqual(seen, ['a/seen']);
    await again.endAsync();
  });

  it('gives a client so many subscriptions and no more', async () => {
    await using broker = await start();
    const client = await connectAsync(`mqtt://127.0.0.1:${broker.port}`);
    const topics = Array.from({ length: 257 }, (_, i) => `t/${i}`);
    for (const topic of topics.slice(0, 256)) await client.subscribeAsync(topic);
    await assert.rejects(client.subscribeAsync('t/256'));
    await client.unsubscribeAsync('t/0');
    await client.subscribeAsync('t/256');
    await client.endAsync();
  });

  it('survives clients that speak nonsense, hang up or are too many', async () => {
    await using broker = await start();
    const { port } = broker;
    const sockets = Array.from({ length: 80 }, (_, i) => {
      const socket = open(port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write(i % 2 === 0 ? Buffer.alloc(100, i) : 'GET / HTTP/1.1\r\n\r\n');
      return socket;
    });
    await Promise.all(
      sockets.map((socket) =>
        once(socket, 'close', { signal: AbortSignal.timeout(40_000) }).catch(() =>
          socket.destroy(),
        ),
      ),
    );
    assert.ok(await publish(port, 'a', 'x'));
  });

  it('ends with clients connected', async () => {
    const broker = await start();
    const socket = open(broker.port, '127.0.0.1');
    await once(socket, 'connect');
    await broker[Symbol.asyncDispose]();
    if (!socket.closed) await once(socket, 'close');
  });
});
