import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';
import { COMMAND_NAMES } from '../../src/commands/command-table.js';
import type { HealthPayload } from '../../src/contract/health-schema.js';
import type { ResponsePayload } from '../../src/contract/response-schema.js';
import { BUNDLED_MODEL } from '../helpers/bundled-model.js';
import { DaemonProcess } from '../helpers/daemon-process.js';
import { eventually } from '../helpers/eventually.js';
import { Mosquitto, noMosquitto } from '../helpers/mosquitto.js';
import { passableCommand } from '../helpers/passable-command.js';
import { ROOT } from '../helpers/sample-publisher.js';
import { seededRandom } from '../helpers/seeded-random.js';
import { tempFolder } from '../helpers/temp-folder.js';

const MESSAGES = Number(process.env.LOOKOUT_TEST_COMMANDS ?? 1_000);
/** The frame rate is an average of 10 s. */
const FLOOD_MS = Math.max(20_000, MESSAGES * 4);
const FPS = 5;
/** Answers are kept for a minute, 256 at most. */
const GROWTH_MB = 3;
const REFUSED = ['retained', 'malformed', 'too-large', 'unknown-verb', 'not-allowed'];

/** Sound ones of these would change what is measured. */
const DISTURBING = [
  ...['restart', 'reload', 'camera/restart', 'log_level', 'set/log_level', 'set/detect'],
  ...['set/max_fps', 'set/inference_max_fps', 'set/motion_gate', 'set/threshold'],
  ...['set/publish_images', 'set/zone'],
];
const ALLOWED = COMMAND_NAMES.filter((name) => !DISTURBING.includes(name));

interface Memory {
  /** All that the process holds. */
  readonly residentMb: number;
  /** What its main thread needs. */
  readonly heapMb: number;
}

function memoryOf({ pid, chatter }: DaemonProcess): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const [, , objects, buffers] =
    chatter.findLast((line) => line.startsWith('heap main '))?.split(' ') ?? [];
  return {
    residentMb: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024,
    heapMb: (Number(objects) + Number(buffers)) / 2 ** 20,
  };
}

describe(`lookout run under ${MESSAGES} fuzzed commands`, {
  skip: noMosquitto,
  timeout: 300_000,
}, () => {
  const folder = tempFolder();
  const answers = new Map<string, number>();
  const told = new Map<string, string>();
  let broker: Mosquitto;
  let client: MqttClient;
  let daemon: DaemonProcess;
  /** Another one each time: the same is answered as before. */
  let question = '';
  let health: ((payload: HealthPayload) => void) | null = null;

  before(async () => {
    broker = await Mosquitto.start();
    client = await connectAsync(broker.url, { protocolVersion: 5, reconnectPeriod: 0 });
    client.on('message', (topic, payload, { retain }) => {
      if (retain) told.set(topic, payload.toString());
      else if (/^lookout\/pi\/response\/|^replies\//.test(topic)) note(payload.toString());
    });
    await client.subscribeAsync('#', { qos: 1, rap: true, nl: true });
    const keys = {
      ...{ node: 'pi', 'camera.id': 'porch', 'camera.source': 'synthetic', 'camera.fps': FPS },
      ...{ 'model.file': BUNDLED_MODEL, state_dir: folder, engine: 'tfjs' },
      ...{ 'mqtt.url': broker.url, commands: ALLOWED.join() },
    };
    daemon = DaemonProcess.start(keys, {
      ...process.env,
      NODE_OPTIONS: `--import=${new URL('../helpers/heap-watch.js', import.meta.url).href}`,
      LOOKOUT_TEST_HEAP_MS: '1000',
    });
    await eventually('it detects', () => told.get(`${ROOT}/cam/porch/status`) === 'online', 60_000);
  });

  after(async () => {
    await client?.endAsync(true);
    await daemon?.[Symbol.asyncDispose]();
    await broker?.[Symbol.asyncDispose]();
  });

  function note(payload: string): void {
    const { id, status, error, data } = JSON.parse(payload) as ResponsePayload;
    if (id === question && status === 'ok') health?.(data as HealthPayload);
    else answers.set(error?.code ?? status, (answers.get(error?.code ?? status) ?? 0) + 1);
  }

  async function askHealth(): Promise<HealthPayload> {
    const answer = new Promise<HealthPayload>((resolve) => {
      health = resolve;
    });
    question = `question ${performance.now()}`;
    const asking = setInterval(
      () => client.publish(`${ROOT}/request/health`, JSON.stringify({ id: question }), { qos: 1 }),
      500,
    );
    return await answer.finally(() => clearInterval(asking));
  }

  /** Sends them, evenly over the time. @returns the daemon's memory again and again. */
  async function flood(): Promise<readonly Memory[]> {
    const random = seededRandom(11);
    const memory = [memoryOf(daemon)];
    const beginMs = performance.now();
    for (let sent = 0; sent < MESSAGES; sent++) {
      const { topic, payload, ...options } = passableCommand(random);
      await client.publishAsync(topic, payload, { qos: 1, ...options });
      if (sent % 50 === 0) memory.push(memoryOf(daemon));
      const aheadMs = beginMs + (FLOOD_MS * sent) / MESSAGES - performance.now();
      if (aheadMs > 5) await sleep(aheadMs);
    }
    return [...memory, memoryOf(daemon)];
  }

  function linesAbout(code: string): number {
    return daemon.log.filter(({ message }) => message.startsWith(`Command refused as ${code}`))
      .length;
  }

  it('refuses them, and goes on as if nothing had come', async (t) => {
    await sleep(12_000);
    const fpsBefore = (await askHealth()).inference.fps ?? 0;
    const settings = [...told].filter(([topic]) => topic.includes('/setting/'));
    const beginMs = performance.now();
    const memory = await flood();
    const fpsDuring = (await askHealth()).inference.fps ?? 0;
    const seconds = (performance.now() - beginMs) / 1000;

    const quarters = [0, 1, 2, 3, 4].flatMap(
      (at) => memory[Math.floor((at * (memory.length - 1)) / 4)] ?? [],
    );
    const growthMb = (quarters[4]?.heapMb ?? 0) - (quarters[2]?.heapMb ?? 0);
    t.diagnostic(`${MESSAGES} messages in ${seconds.toFixed(1)} s, answers by code:`);
    t.diagnostic([...answers].map(([code, count]) => `${code} ${count}`).join(' · '));
    for (const kind of ['residentMb', 'heapMb'] as const)
      t.diagnostic(`${kind}: ${quarters.map((sample) => sample[kind].toFixed(1)).join(' · ')}`);
    t.diagnostic(`frames detected a second: ${fpsBefore} before, ${fpsDuring} during`);

    assert.ok(!daemon.hasEnded);
    assert.ok(fpsBefore > FPS * 0.8 && fpsDuring > fpsBefore * 0.9, 'detection was disturbed');
    assert.ok(growthMb < GROWTH_MB, `${growthMb} MB more in the second half`);
    for (const code of REFUSED) {
      assert.ok((answers.get(code) ?? 0) > 0, `none was answered as ${code}`);
      assert.equal(linesAbout(code), 1, `lines about ${code}`);
    }
    for (const [topic, value] of settings) assert.equal(told.get(topic), value, topic);
    assert.equal(told.get(`${ROOT}/status`), 'online');
    assert.deepEqual(
      daemon.log.filter(({ level }) => level === 'error'),
      [],
    );
  });
});
