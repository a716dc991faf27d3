import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, it } from 'node:test';
import { BUNDLED_MODEL } from '../helpers/bundled-model.js';
import { DaemonProcess } from '../helpers/daemon-process.js';
import { eventually } from '../helpers/eventually.js';
import { freePort } from '../helpers/free-port.js';
import { noMosquitto } from '../helpers/mosquitto.js';
import { MosquittoSubscriber } from '../helpers/mosquitto-subscriber.js';
import { MAIN, programEnv } from '../helpers/program.js';

interface EventPayload {
  readonly phase: string;
  readonly object: { readonly label: string; readonly track_id: string };
}

/** A command as people start it, and what it has printed. */
class Terminal implements AsyncDisposable {
  readonly process: ChildProcess;
  text = '';

  constructor(...args: readonly string[]) {
    this.process = spawn(process.execPath, [MAIN, ...args], { env: programEnv(process.env) });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.setEncoding('utf8').on('data', (part: string) => {
        this.text += part;
      });
    }
  }

  async shows(pattern: RegExp, timeoutMs = 60_000): Promise<RegExpExecArray> {
    const what = `${pattern} is printed`;
    return await eventually(what, () => pattern.exec(this.text) ?? undefined, timeoutMs);
  }

  async interrupt(): Promise<number | null> {
    this.process.kill('SIGINT');
    const [code] = (await once(this.process, 'exit')) as [number | null];
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { exitCode, signalCode } = this.process;
    if (exitCode !== null || signalCode !== null) return;
    this.process.kill('SIGKILL');
    await once(this.process, 'exit');
  }
}

describe('lookout demo', { skip: noMosquitto, concurrency: false }, () => {
  it('sees, tells in words and publishes the same to its own broker', {
    timeout: 120_000,
  }, async () => {
    await using demo = new Terminal('demo', '--engine=tfjs', '--http.port=0');
    const [, port] = await demo.shows(/of its own on 127\.0\.0\.1:(\d+)/);
    await using subscriber = await MosquittoSubscriber.start(Number(port), '-V', '311');
    const [, label, id] = await demo.shows(/demo: (\w+) (\d+) has come/);
    await demo.shows(new RegExp(`${label} ${id} has gone after`));
    const phases = () =>
      subscriber
        .payloads(`/event/${label}/`)
        .map((payload) => JSON.parse(payload) as EventPayload)
        .filter(({ object }) => object.track_id === id)
        .map(({ phase }) => phase);
    // What is printed and what mosquitto_sub gets go two ways: either may be the first.
    await eventually('its end is published', () => phases().at(-1) === 'end');
    assert.equal(phases()[0], 'start');
    assert.match(demo.text, /The live page: http:\/\/127\.0\.0\.1:\d+\//);
    assert.equal(await demo.interrupt(), 0);
    assert.match(demo.text, /demo: offline\n$/);
  });

  it('says which port it took when the usual one is taken', { timeout: 60_000 }, async () => {
    const other = createServer().listen(1883, '127.0.0.1');
    // Whoever has it: it is taken.
    await Promise.race([once(other, 'listening'), once(other, 'error')]);
    await using demo = new Terminal('demo', '--engine=tfjs', '--http.enabled=false');
    const [, port] = await demo.shows(/of its own on 127\.0\.0\.1:(\d+) \(1883 is taken\)/);
    assert.ok(Number(port) > 1883);
    await demo.shows(new RegExp(`mosquitto_sub -p ${port} -v`));
    await demo.shows(/demo: online/);
    await using tail = new Terminal('tail', `--mqtt.url=mqtt://127.0.0.1:${port}`);
    await tail.shows(/demo: the model lookout-demo is active/);
    assert.equal(await tail.interrupt(), 0);
    assert.equal(await demo.interrupt(), 0);
    other.close();
  });

  it('complains of a broker that is not there, once, and waits for it', {
    timeout: 60_000,
  }, async () => {
    await using tail = new Terminal('tail', '--mqtt.url=mqtt://127.0.0.1:1');
    await tail.shows(/connection refused.*trying again\n/);
    assert.equal(await tail.interrupt(), 0);
    assert.equal(tail.text.match(/connection refused/g)?.length, 1);
  });
});

describe('lookout run with a broker of its own', { skip: noMosquitto }, () => {
  it('tells its states there and says good-bye', { timeout: 60_000 }, async () => {
    const port = await freePort();
    await using daemon = DaemonProcess.start({
      'camera.source': 'synthetic',
      'model.file': BUNDLED_MODEL,
      engine: 'tfjs',
      'mqtt.url': `mqtt://127.0.0.1:${port}`,
      'mqtt.embedded': true,
    });
    await daemon.logged('Connected to the broker');
    await using subscriber = await MosquittoSubscriber.start(port, '-V', '311');
    await eventually('it is online', () => subscriber.last('lookout/test/status') === 'online');
    await eventually(
      'it detects',
      () => subscriber.last('lookout/test/cam/camera/status') === 'online',
    );
    const { code } = await daemon.end('SIGTERM');
    assert.equal(code, 0, daemon.saidLast());
    await eventually('good-bye', () => subscriber.last('lookout/test/status') === 'offline');
  });
});
