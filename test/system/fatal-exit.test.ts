import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BUNDLED_MODEL } from '../helpers/bundled-model.js';
import { DaemonProcess } from '../helpers/daemon-process.js';
import { eventually } from '../helpers/eventually.js';
import { Mosquitto, noMosquitto } from '../helpers/mosquitto.js';
import { MosquittoSubscriber } from '../helpers/mosquitto-subscriber.js';
import { type Packet, PacketSplitter } from '../helpers/mqtt-packets.js';
import { RecordingProxy } from '../helpers/recording-proxy.js';

/** MQTT 5.0 section 2.1.2. */
const DISCONNECT = 14;
const OFFLINE_WITHIN_MS = 1_000;
const CRASH = new URL('../helpers/crash-on-signal.js', import.meta.url).href;
const STATUS = 'lookout/test/status';
const CAMERA = 'lookout/test/cam/camera/status';

/** The DISCONNECT packets that clients have sent. */
function goodbyes({ sent }: RecordingProxy): Packet[] {
  const packets = sent.flatMap((bytes) => new PacketSplitter().push(bytes));
  return packets.filter(({ type }) => type === DISCONNECT);
}

describe('lookout run that fails', { skip: noMosquitto }, () => {
  for (const protocol of [4, 5] as const) {
    for (const thread of ['main', 'worker'] as const) {
      it(`has its will say offline at once (${thread} thread, MQTT ${protocol})`, async (t) => {
        await using broker = await Mosquitto.start();
        await using proxy = await RecordingProxy.start(broker.port);
        await using subscriber = await MosquittoSubscriber.start(broker.port);
        await using daemon = DaemonProcess.start(
          {
            'camera.source': 'synthetic',
            'model.file': BUNDLED_MODEL,
            engine: 'tfjs',
            'mqtt.url': proxy.url,
            'mqtt.protocol': protocol,
          },
          { ...process.env, NODE_OPTIONS: `--import=${CRASH}`, LOOKOUT_TEST_CRASH: thread },
        );
        await eventually('online', () => subscriber.last(CAMERA) === 'online', 30_000);
        const crashedAtMs = Date.now();
        daemon.kill('SIGUSR2');
        await eventually('offline', () => subscriber.last(STATUS) === 'offline');
        const offline = subscriber.messages.findLast(({ topic }) => topic === STATUS);
        const tookMs = (offline?.arrivedAtMs ?? Number.POSITIVE_INFINITY) - crashedAtMs;
        t.diagnostic(`offline after ${Math.round(tookMs)} ms`);
        assert.ok(tookMs < OFFLINE_WITHIN_MS, `it took ${tookMs} ms`);
        assert.equal((await daemon.end()).code, 1, daemon.saidLast());
        // Nothing else is told by a process that does not know what has become of it.
        assert.equal(subscriber.last(CAMERA), 'online');
        const reasons = goodbyes(proxy).map(({ body }) => body[0]);
        assert.deepEqual(reasons, protocol === 5 ? [0x04] : []);
      });
    }
  }
});
