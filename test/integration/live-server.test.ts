import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import type { Frame } from '../../src/domain/frame.js';
import { LiveServer } from '../../src/http/live-server.js';
import { LiveView } from '../../src/http/live-view.js';
import type { Log } from '../../src/log.js';
import { eventually } from '../helpers/eventually.js';
import { makeFrame } from '../helpers/frames.js';
import { seededInteger, seededRandom } from '../helpers/seeded-random.js';

const SILENT: Log = { error() {}, warn() {}, info() {}, debug() {} };
const PICTURE = { widthPx: 4, heightPx: 4, data: new Uint8Array(48) };
const JPEG = new Uint8Array(200_000).fill(7);

/** A page with a scene behind it: call `frame` and it was seen. */
class Stage implements AsyncDisposable {
  encoded = 0;
  readonly view: LiveView;
  readonly server: LiveServer;
  #sequence = 0;

  private constructor(view: LiveView, server: LiveServer) {
    this.view = view;
    this.server = server;
  }

  static async start(images: 'all' | 'none' = 'all'): Promise<Stage> {
    const encode = async (): Promise<Uint8Array> => {
      stage.encoded += 1;
      return JPEG;
    };
    const frame = (): Frame => ({ ...makeFrame(PICTURE), sequence: stage.#sequence });
    const view = new LiveView({
      frame: images === 'none' ? null : frame,
      zones: [],
      encode,
      log: SILENT,
    });
    const options = { host: '127.0.0.1', port: 0, tries: 1, hostNames: [] };
    const stage: Stage = new Stage(view, await LiveServer.start(options, view));
    return stage;
  }

  get port(): number {
    return this.server.port;
  }

  frame(): void {
    this.#sequence += 1;
    this.view.setState({ kind: 'tracks', tracks: [], capturedAtMs: Date.now() });
  }

  /** Frames until something is true. */
  async until(what: string, probe: () => boolean): Promise<void> {
    await eventually(what, () => {
      this.frame();
      return probe();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
  }
}

/** A viewer of the events. */
async function watch(
  port: number,
): Promise<{ text: () => string; leave: () => void; status: number }> {
  const asked = httpRequest({ port, path: '/live' }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  let text = '';
  response.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  response.on('error', () => {});
  asked.on('error', () => {});
  return { text: () => text, leave: () => asked.destroy(), status: response.statusCode ?? 0 };
}

async function statusOf(port: number, path: string): Promise<number> {
  const asked = httpRequest({ port, path }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  return response.statusCode ?? 0;
}

describe('LiveServer', () => {
  it('encodes pictures only while somebody looks', async () => {
    await using stage = await Stage.start();
    for (let i = 0; i < 20; i++) stage.frame();
    assert.equal(stage.encoded, 0);
    const viewer = await watch(stage.port);
    await stage.until('a view has come', () => viewer.text().includes('"picture":'));
    assert.ok(stage.encoded >= 1);
    const number = Number(/"picture":(\d+)/.exec(viewer.text())?.[1]);
    assert.equal(await statusOf(stage.port, `/picture/${number}.jpg`), 200);
    viewer.leave();
    await eventually('the viewer has gone', () => stage.view.picture(number) === null);
    const before = stage.encoded;
    await new Promise((resolve) => setTimeout(resolve, 250));
    stage.frame();
    assert.equal(stage.encoded, before);
  });

  it('shows at most five pictures a second to any number of viewers', async () => {
    await using stage = await Stage.start();
    const viewers = await Promise.all(Array.from({ length: 10 }, () => watch(stage.port)));
    const begin = performance.now();
    await stage.until('a second has passed', () => performance.now() - begin > 1_000);
    const tookS = (performance.now() - begin) / 1_000;
    assert.ok(stage.encoded >= 3 && stage.encoded <= 5 * tookS + 1, `${stage.encoded} pictures`);
    await eventually('everybody saw it', () =>
      viewers.every(({ text }) => text().includes('event: view')),
    );
    for (const { leave } of viewers) leave();
  });

  it('gives no picture where none may leave the detector', async () => {
    await using stage = await Stage.start('none');
    const viewer = await watch(stage.port);
    await stage.until('a view has come', () => viewer.text().includes('"picture":null'));
    assert.equal(stage.encoded, 0);
    assert.equal(await statusOf(stage.port, '/picture/1.jpg'), 404);
    viewer.leave();
  });

  it('holds nothing up for a reader that takes nothing, nor for one too many', async () => {
    await using stage = await Stage.start();
    const slow = connect(stage.port, '127.0.0.1');
    slow.pause().write('GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const quick = await watch(stage.port);
    await stage.until('the quick one sees', () => quick.text().includes('event: view'));
    const others = await Promise.all(Array.from({ length: 20 }, () => watch(stage.port)));
    assert.ok(others.some(({ status }) => status === 503));
    assert.ok(others.some(({ status }) => status === 200));
    for (const { leave } of [quick, ...others]) leave();
    slow.destroy();
  });

  it('answers paths of every kind, and gives away nothing but its page', async () => {
    await using stage = await Stage.start();
    assert.equal(await statusOf(stage.port, '/'), 200);
    const random = seededRandom(3);
    const parts = [
      '..',
      '/',
      '//',
      '%2e%2e',
      '%00',
      'etc',
      'passwd',
      'live.html',
      '?',
      '#',
      '\\',
      '.jpg',
      'picture',
      '1e9',
      '-1',
    ];
    const paths = Array.from({ length: 300 }, () =>
      Array.from(
        { length: 1 + seededInteger(random, 6) },
        () => parts[seededInteger(random, parts.length)],
      ).join(''),
    );
    for (const path of paths) {
      const status = await statusOf(stage.port, `/${encodeURI(path)}`);
      assert.ok(status === 404 || path === '/', `${path} gave ${status}`);
    }
    assert.equal(await statusOf(stage.port, '/'), 200);
  });

  it('survives what is no HTTP at all', async () => {
    await using stage = await Stage.start();
    const random = seededRandom(4);
    for (let i = 0; i < 30; i++) {
      const socket = connect(stage.port, '127.0.0.1').on('error', () => {});
      socket.end(Buffer.from(Array.from({ length: 200 }, () => seededInteger(random, 256))));
      socket.resume();
      await once(socket, 'close');
    }
    assert.equal(await statusOf(stage.port, '/'), 200);
  });
});
