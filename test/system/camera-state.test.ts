import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { connectAsync } from 'mqtt';
import type { CameraStatePayload } from '../../src/contract/camera-state-schema.js';
import { BUNDLED_MODEL } from '../helpers/bundled-model.js';
import { DaemonProcess } from '../helpers/daemon-process.js';
import { eventually } from '../helpers/eventually.js';
import { Mosquitto, noMosquitto } from '../helpers/mosquitto.js';
import { MosquittoSubscriber } from '../helpers/mosquitto-subscriber.js';
import { ProcessMark } from '../helpers/processes.js';
import { type StandInSettings, standInEnv } from '../helpers/rpicam-stand-in.js';

const CAMERA = 'lookout/test/cam/camera';

interface Parts {
  /** Every state that was told, as `phase: reason`. */
  readonly states: () => readonly string[];
  /** Waits until the last one begins with `text`. */
  readonly is: (text: string) => Promise<CameraStatePayload>;
  readonly last: (topic: string) => string | undefined;
  readonly set: (name: string, value: string) => Promise<void>;
  readonly ask: (verb: string) => Promise<void>;
  readonly daemon: DaemonProcess;
  /** Kills the program that gives frames. */
  readonly killCamera: () => void;
}

/** Runs the daemon on the stand-in camera, with a model of which nobody asks what it finds. */
async function withCamera(
  settings: StandInSettings,
  body: (parts: Parts) => Promise<void>,
): Promise<void> {
  const mark = new ProcessMark();
  await using broker = await Mosquitto.start();
  await using subscriber = await MosquittoSubscriber.start(broker.port);
  await using daemon = DaemonProcess.start(
    {
      ...{ 'model.file': BUNDLED_MODEL, engine: 'tfjs', 'mqtt.url': broker.url },
      ...{ 'camera.width': 320, 'camera.height': 240 },
    },
    mark.on(standInEnv(settings)),
  );
  const told = (): CameraStatePayload[] =>
    subscriber.messages
      .filter(({ topic }) => topic === `${CAMERA}/state`)
      .map(({ payload }) => JSON.parse(payload) as CameraStatePayload);
  const client = await connectAsync(broker.url);
  try {
    await body({
      states: () => told().map(textOf),
      is: (text) =>
        eventually(
          `the state is ${text}; it was ${told().map(textOf)}`,
          () => {
            const last = told().at(-1);
            return last !== undefined && textOf(last).startsWith(text) ? last : undefined;
          },
          30_000,
        ),
      last: (topic) => subscriber.last(`${CAMERA}/${topic}`),
      set: async (name, value) => {
        await client.publishAsync(`${CAMERA}/set/${name}`, value, { qos: 1 });
      },
      ask: async (verb) => {
        await client.publishAsync(`lookout/test/request/${verb}`, '{}', { qos: 1 });
      },
      daemon,
      killCamera: () => {
        for (const { pid, command } of mark.living()) {
          if (command.includes('rpicam-vid')) process.kill(pid, 'SIGKILL');
        }
      },
    });
  } finally {
    await client.endAsync();
  }
}

function textOf({ phase, reason }: CameraStatePayload): string {
  return reason === null ? phase : `${phase}: ${reason}`;
}

describe('cam/{c}/state of lookout run', { skip: noMosquitto, timeout: 120_000 }, () => {
  it('is starting, running, and stopped in the end', async () => {
    await withCamera({}, async ({ is, states, daemon, last }) => {
      await is('running');
      await eventually('online', () => last('status') === 'online');
      assert.equal((await daemon.end('SIGTERM')).code, 0);
      await is('stopped');
      // A value that is not sent yet is replaced by the next.
      assert.match(states().join(), /^(starting,)?running,stopped$/);
      assert.equal(last('motion'), 'OFF');
    });
  });

  it('says that a camera that dies is started again', async () => {
    await withCamera({}, async ({ is, last, killCamera, states }) => {
      assert.equal((await is('running')).restarts, 0);
      killCamera();
      const { restarts, reason } = await is('restarting');
      assert.deepEqual([restarts, typeof reason], [1, 'string']);
      await eventually('offline', () => last('status') === 'offline');
      assert.equal((await is('running')).restarts, 1);
      await eventually('online', () => last('status') === 'online');
      assert.equal(states().filter((state) => state.startsWith('restarting')).length, 1);
    });
  });

  it('says that a silent camera has stalled before it has failed', async () => {
    await withCamera({ MODE: 'stall:15' }, async ({ is, states }) => {
      await is('restarting');
      assert.match(states().join(), /running,stalled: No frame comes,restarting: /);
      await is('running');
    });
  });

  it('says that a camera that is not there is tried again', async () => {
    await withCamera({ CAMERAS: '0' }, async ({ is, last }) => {
      assert.match((await is('restarting')).reason ?? '', /no cameras available/);
      assert.equal(last('status'), 'offline');
    });
  });

  it('is paused while detection is off, also when the camera comes back then', async () => {
    await withCamera({}, async ({ is, set, last, killCamera }) => {
      await is('running');
      await set('detect', 'OFF');
      await is('paused');
      assert.equal(last('status'), 'online');
      killCamera();
      await is('restarting');
      await is('paused');
      await eventually('online', () => last('status') === 'online');
      await set('detect', 'ON');
      await is('running');
    });
  });

  it('says who wanted the camera to be started again', async () => {
    await withCamera({}, async ({ is, ask, states }) => {
      await is('running');
      await ask('camera/restart');
      await eventually('it was told', () => states().includes('restarting: Somebody asked for it'));
      assert.equal((await is('running')).restarts, 1);
    });
  });
});
