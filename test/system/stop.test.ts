import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { accounted, DaemonProcess } from '../helpers/daemon-process.js';
import { eventually } from '../helpers/eventually.js';
import { Mosquitto, noMosquitto } from '../helpers/mosquitto.js';
import { MosquittoSubscriber } from '../helpers/mosquitto-subscriber.js';
import { ProcessMark } from '../helpers/processes.js';
import { noReferenceData } from '../helpers/reference-data.js';
import { CLASSIC_SSD, ONE_BY_ONE } from '../helpers/reference-models.js';
import { standInEnv } from '../helpers/rpicam-stand-in.js';

/** More with LOOKOUT_TEST_STOPS=100. */
const STOPS = Number(process.env.LOOKOUT_TEST_STOPS ?? 10);
const STOP_LIMIT_MS = 3_000;
const NODE = 'lookout/test';
const TELL = new URL('../helpers/tell-stop-listener.js', import.meta.url).href;

function startDaemon(broker: Mosquitto, mark: ProcessMark): DaemonProcess {
  return DaemonProcess.start(
    {
      'camera.source': 'rpicam',
      'camera.fps': 15,
      'model.file': CLASSIC_SSD,
      'mqtt.url': broker.url,
    },
    mark.on({ ...standInEnv({ VIDEO: ONE_BY_ONE }), NODE_OPTIONS: `--import=${TELL}` }),
  );
}

/** The first start of all takes seconds longer: no stop would find a connection. */
async function measureEngines(broker: Mosquitto): Promise<void> {
  await using subscriber = await MosquittoSubscriber.start(broker.port);
  await using daemon = startDaemon(broker, new ProcessMark());
  await eventually('online', () => subscriber.last(`${NODE}/status`) === 'online', 60_000);
  await daemon.end('SIGTERM');
}

describe('lookout run and its end', { skip: noReferenceData || noMosquitto }, () => {
  it(`ends with 0 within 3 s of SIGTERM at ${STOPS} random moments`, async (t) => {
    await using broker = await Mosquitto.start();
    await measureEngines(broker);
    const tookMs: number[] = [];
    let told = 0;
    for (let i = 0; i < STOPS; i++) {
      const mark = new ProcessMark();
      await using subscriber = await MosquittoSubscriber.start(broker.port);
      await using daemon = startDaemon(broker, mark);
      // From the first lines of code, which come late on a busy machine, to well into the stream.
      await daemon.logged('Handles SIGTERM');
      await sleep(Math.random() * 2_500);
      const wasConnected = subscriber.last(`${NODE}/status`) === 'online';
      const ending = await daemon.end('SIGTERM');
      tookMs.push(ending.tookMs);
      assert.equal(ending.code ?? ending.signal, 0, daemon.saidLast());
      assert.ok(ending.tookMs < STOP_LIMIT_MS, `it took ${ending.tookMs} ms`);
      assert.deepEqual(mark.living(), []);
      if (!wasConnected) continue;
      told += 1;
      assert.equal(accounted(daemon.counts), daemon.counts.framesIn);
      await eventually('offline', () => subscriber.last(`${NODE}/status`) === 'offline');
      assert.equal(subscriber.last(`${NODE}/cam/camera/status`), 'offline');
      for (const { topic } of subscriber.messages.filter((m) => m.topic.endsWith('/count'))) {
        assert.equal(subscriber.last(topic), '0', topic);
      }
    }
    tookMs.sort((a, b) => a - b);
    t.diagnostic(`stopped in ${tookMs.map(Math.round).join(', ')} ms; ${told} were connected`);
    assert.ok(told > 0);
  });

  it('leaves no camera process behind when it is killed, and its will says offline', async () => {
    await using broker = await Mosquitto.start();
    const mark = new ProcessMark();
    await using subscriber = await MosquittoSubscriber.start(broker.port);
    await using daemon = startDaemon(broker, mark);
    await eventually(
      'a frame is detected',
      () => subscriber.last(`${NODE}/cam/camera/status`) === 'online',
    );
    assert.ok(mark.living().some(({ command }) => command.includes('rpicam-vid')));
    await daemon.end('SIGKILL');
    await eventually('the will', () => subscriber.last(`${NODE}/status`) === 'offline');
    await eventually('no process is left', () => mark.living().length === 0);
  });
});
