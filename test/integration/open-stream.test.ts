import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, it } from 'node:test';
import { openStream } from '../../src/publishing/open-stream.js';

const PLAIN = { host: '127.0.0.1', tls: null, path: null };
const TLS = { caPem: null, clientCertificate: null, serverName: null };

/** A server that takes connections and says nothing. */
async function silentServer() {
  const server = createServer((socket) => socket.resume().on('error', () => {})).listen(
    0,
    '127.0.0.1',
  );
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return { server, port: address.port };
}

describe('openStream', () => {
  for (const [what, endpoint] of [
    ['TLS', { ...PLAIN, tls: TLS }],
    ['a websocket', { ...PLAIN, path: '/mqtt' }],
  ] as const) {
    it(`gives up ${what} at once when it is aborted`, async () => {
      const { server, port } = await silentServer();
      const stop = new AbortController();
      const opening = openStream({ ...endpoint, port }, stop.signal);
      await once(server, 'connection');
      stop.abort();
      assert.equal((await opening).kind, 'failed');
      server.close();
      await once(server, 'close');
    });

    it(`gives up ${what} when nothing is answered`, async () => {
      const { server, port } = await silentServer();
      const opening = await openStream({ ...endpoint, port }, new AbortController().signal);
      assert.ok(opening.kind === 'failed');
      assert.deepEqual(opening.failure, { kind: 'unreachable', detail: 'no answer within 5 s' });
      server.close();
      await once(server, 'close');
    });
  }

  it('fails when it has been aborted before', async () => {
    const { server, port } = await silentServer();
    const opening = await openStream({ ...PLAIN, port }, AbortSignal.abort());
    assert.equal(opening.kind, 'failed');
    server.close();
    await once(server, 'close');
  });

  it('loads what a websocket needs only when there is to be one', () => {
    const program = `
      import { createRequire } from 'node:module';
      import { openStream } from '${new URL('../../src/publishing/open-stream.js', import.meta.url)}';
      import '${new URL('../../src/publishing/mqtt-publisher.js', import.meta.url)}';
      const loaded = () =>
        Object.keys(createRequire(import.meta.url).cache).some((file) => file.includes('/ws/'));
      const open = (path) =>
        openStream({ host: '127.0.0.1', port: 1, tls: null, path }, new AbortController().signal);
      await open(null);
      const before = loaded();
      await open('/mqtt');
      process.stdout.write([before, loaded()].join());
    `;
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
      cwd: new URL('../../..', import.meta.url),
    });
    assert.equal(run.stdout, 'false,true', run.stderr);
  });
});
