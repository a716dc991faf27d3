import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { accounted, DaemonProcess } from '../helpers/daemon-process.js';
import { eventually } from '../helpers/eventually.js';
import { Mosquitto, noMosquitto } from '../helpers/mosquitto.js';
import { MosquittoSubscriber } from '../helpers/mosquitto-subscriber.js';
import { ProcessMark } from '../helpers/processes.js';
import { noReferenceData } from '../helpers/reference-data.js';
import { CLASSIC_SSD, ONE_BY_ONE } from '../helpers/reference-models.js';
import { type StandInSettings, standInEnv } from '../helpers/rpicam-stand-in.js';

const CAMERA = 'lookout/test/cam/camera';

/** Runs the daemon on the stand-in camera, and checks at the end that nothing is left over. */
async function withCamera(
  settings: StandInSettings,
  keys: Readonly<Record<string, string | number>>,
  body: (
    subscriber: MosquittoSubscriber,
    daemon: DaemonProcess,
    mark: ProcessMark,
  ) => Promise<void>,
): Promise<void> {
  const mark = new ProcessMark();
  await using broker = await Mosquitto.start();
  await using subscriber = await MosquittoSubscriber.start(broker.port);
  await using daemon = DaemonProcess.start(
    { 'model.file': CLASSIC_SSD, 'mqtt.url': broker.url, ...keys },
    mark.on(standInEnv(settings)),
  );
  await body(subscriber, daemon, mark);
  const { code, tookMs } = await daemon.end('SIGTERM');
  assert.equal(code, 0, daemon.saidLast());
  assert.ok(tookMs < 3_000, `it took ${tookMs} ms to stop`);
  assert.equal(accounted(daemon.counts), daemon.counts.framesIn);
  assert.deepEqual(mark.living(), []);
}

describe('lookout run on the Pi camera', { skip: noReferenceData || noMosquitto }, () => {
  for (const stride of ['pi4', 'pi5']) {
    it(`sees a person through rows padded as on a ${stride}`, { timeout: 60_000 }, async () => {
      const settings = { VIDEO: ONE_BY_ONE, STRIDE: stride };
      const keys = { 'camera.width': 320, 'camera.height': 240, 'camera.fps': 20 };
      await withCamera(settings, keys, async (subscriber) => {
        await eventually(
          'a person has come',
          () => subscriber.last(`${CAMERA}/object/person/occupancy`) === 'ON',
          30_000,
        );
        assert.equal(subscriber.payloads('/event/person/start').length, 1);
      });
    });
  }

  it('says that the camera is missing and goes on trying', async () => {
    await withCamera({ CAMERAS: '0' }, {}, async (subscriber, daemon) => {
      await daemon.logged('no cameras available');
      await eventually('offline', () => subscriber.last(`${CAMERA}/status`) === 'offline');
      assert.ok(!daemon.hasEnded);
    });
  });

  it('starts the camera again when it stalls', { timeout: 60_000 }, async () => {
    await withCamera({ VIDEO: ONE_BY_ONE, MODE: 'stall:15' }, {}, async (subscriber, daemon) => {
      const states = (): string[] =>
        subscriber.messages
          .filter(({ topic }) => topic === `${CAMERA}/status`)
          .map((m) => m.payload);
      await daemon.logged('next attempt', 30_000);
      await eventually(
        'online, offline, online',
        () => states().join().includes('online,offline,online'),
        30_000,
      );
    });
  });

  it('starts the camera again when it is killed', { timeout: 60_000 }, async () => {
    await withCamera({ VIDEO: ONE_BY_ONE }, {}, async (subscriber, daemon, mark) => {
      const status = (): string | undefined => subscriber.last(`${CAMERA}/status`);
      await eventually('online', () => status() === 'online');
      for (const { pid, command } of mark.living()) {
        if (command.includes('rpicam-vid')) process.kill(pid, 'SIGKILL');
      }
      await daemon.logged('next attempt');
      await eventually('offline', () => status() === 'offline');
      await eventually('online again', () => status() === 'online', 30_000);
    });
  });
});
