import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { FramePayload } from '../../src/contract/frame-schema.js';
import type {
  RosDetectionsPayload,
  RosLabelInfoPayload,
  RosVisionInfoPayload,
} from '../../src/contract/ros-schemas.js';
import { BUNDLED_MODEL } from '../helpers/bundled-model.js';
import { DaemonProcess } from '../helpers/daemon-process.js';
import { eventually } from '../helpers/eventually.js';
import { Mosquitto, noMosquitto } from '../helpers/mosquitto.js';
import { MosquittoSubscriber } from '../helpers/mosquitto-subscriber.js';
import { tempFolder } from '../helpers/temp-folder.js';

const CHECKOUT = fileURLToPath(new URL('../../../', import.meta.url));
const CAMERA = 'lookout/test/cam/camera';

const noPython =
  spawnSync('python3', ['--version']).error === undefined ? false : 'python3 is not installed';

describe('docs/robotics.md', { skip: noMosquitto || noPython, timeout: 180_000 }, () => {
  it('has a command that turns toward persons and stops, and streams that belong together', async (t) => {
    await using broker = await Mosquitto.start();
    await using subscriber = await MosquittoSubscriber.start(broker.port);
    await using robot = Robot.start(broker.port);
    await using daemon = DaemonProcess.start({
      'camera.source': 'synthetic',
      'camera.seed': 2,
      'camera.fps': 10,
      'camera.pace': 40,
      'camera.duration_s': 120,
      'camera.frame_id': 'mast',
      'model.file': BUNDLED_MODEL,
      'mqtt.url': broker.url,
      'stream.frames': true,
      'stream.ros': true,
      engine: 'tfjs',
    });
    const { code } = await daemon.end();
    assert.equal(code, 0, daemon.saidLast());
    await eventually('the last state', () => subscriber.last('lookout/test/status') === 'offline');
    await eventually('it stops', () => robot.turns.at(-1) === 0);
    assert.ok(
      robot.turns.some((turn) => turn !== 0),
      'it never turned',
    );

    const frames = subscriber
      .payloads(`${CAMERA}/frame`)
      .map((payload) => JSON.parse(payload) as FramePayload);
    const detections = subscriber
      .payloads(`${CAMERA}/ros/detections`)
      .map((payload) => JSON.parse(payload) as RosDetectionsPayload);
    checkEdges(frames);

    const labels = labelsOf(subscriber);
    const byStamp = new Map(frames.map((frame) => [Date.parse(frame.time.capture), frame]));
    let pairs = 0;
    for (const { header, detections: list } of detections) {
      const frame = byStamp.get(header.stamp.sec * 1000 + header.stamp.nanosec / 1e6);
      if (frame === undefined) continue;
      pairs += 1;
      assert.equal(header.frame_id, 'mast');
      assert.equal(frame.frame.frame_id, 'mast');
      const seen = frame.objects.filter((object) => object.seen);
      assert.deepEqual(
        list.map(({ id, results }) => [id, labels.get(Number(results[0]?.hypothesis.class_id))]),
        seen.map(({ track_id, label }) => [track_id, label]),
      );
    }
    t.diagnostic(`${frames.length} frames, ${detections.length} arrays, ${pairs} pairs`);
    assert.ok(pairs > 20);
  });
});

describe('stream.ros', { skip: noMosquitto, timeout: 120_000 }, () => {
  it('leaves nothing retained behind once it is switched off', async () => {
    await using broker = await Mosquitto.start();
    await using subscriber = await MosquittoSubscriber.start(broker.port);
    const keys = {
      'camera.source': 'synthetic',
      'model.file': BUNDLED_MODEL,
      'mqtt.url': broker.url,
      state_dir: join(tempFolder(), 'state'),
      engine: 'tfjs',
    };
    const topics = ['vision_info', 'label_info'].map((name) => `${CAMERA}/ros/${name}`);
    {
      await using daemon = DaemonProcess.start({ ...keys, 'stream.ros': true });
      for (const topic of topics) {
        await eventually(topic, () => Boolean(subscriber.last(topic)), 60_000);
      }
      await daemon.end('SIGTERM');
    }
    await using _daemon = DaemonProcess.start(keys);
    for (const topic of topics) {
      await eventually(`${topic} is cleared`, () => subscriber.last(topic) === '', 60_000);
    }
  });
});

/** An empty list follows only one that was not; where a frame was lost on the way, nobody knows. */
function checkEdges(frames: readonly FramePayload[]): void {
  for (const [index, { seq, objects }] of frames.entries()) {
    const before = frames[index - 1];
    if (objects.length === 0 && before?.seq === seq - 1) assert.notEqual(before.objects.length, 0);
  }
}

/** What the classes are called, as the topic says that `vision_info` names. */
function labelsOf(subscriber: MosquittoSubscriber): ReadonlyMap<number, string> {
  const info = JSON.parse(
    subscriber.last(`${CAMERA}/ros/vision_info`) ?? '',
  ) as RosVisionInfoPayload;
  assert.equal(info.database_version, 1);
  const labels = JSON.parse(subscriber.last(info.database_location) ?? '') as RosLabelInfoPayload;
  return new Map(labels.class_map.map(({ class_id, class_name }) => [class_id, class_name]));
}

/** The command of docs/robotics.md, as it stands there. */
class Robot implements AsyncDisposable {
  /** In rad/s, in order. */
  readonly turns: number[] = [];
  readonly #process;

  private constructor(port: number) {
    const page = readFileSync(join(CHECKOUT, 'docs/robotics.md'), 'utf8');
    const command = /^ {4}(mosquitto_sub .*turn_toward_person\.py \d+)$/m.exec(page)?.[1];
    assert.ok(command, 'the page has no such command');
    // mosquitto_sub takes its options from there too.
    const settings = tempFolder();
    writeFileSync(join(settings, 'mosquitto_sub'), `-p ${port}\n`);
    this.#process = spawn('sh', ['-c', command], {
      cwd: CHECKOUT,
      detached: true,
      env: { ...process.env, XDG_CONFIG_HOME: settings },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    createInterface({ input: this.#process.stdout }).on('line', (line) => {
      const { angular } = JSON.parse(line) as { angular: { z: number } };
      this.turns.push(angular.z);
    });
  }

  static start(port: number): Robot {
    return new Robot(port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { pid, exitCode, signalCode } = this.#process;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    // The whole pipe.
    process.kill(-pid);
    await once(this.#process, 'close');
  }
}
