import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BrokerObserver } from '../helpers/broker-observer.js';
import { eventually } from '../helpers/eventually.js';
import { Mosquitto, noMosquitto } from '../helpers/mosquitto.js';
import { outboxFolder } from '../helpers/outbox-entries.js';
import { tempFolder } from '../helpers/temp-folder.js';

const KILLS = Number(process.env.LOOKOUT_TEST_KILLS ?? 10);
const PROGRAM = fileURLToPath(new URL('../helpers/event-source-process.js', import.meta.url));
const OBSERVER = { name: 'observer', password: 'sees-all' };
const EVENTS_A_RUN = 500;
/** Of the runs that deliver, all but the last are killed as well. */
const DELIVERIES = 5;

/** A publisher in a process of its own. */
class EventSource {
  #text = '';
  readonly #process: ChildProcess;

  constructor(url: string, folder: string, events: number) {
    this.#process = spawn(process.execPath, [PROGRAM, url, folder, String(events)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#process.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      this.#text += chunk;
    });
  }

  /** What it has said; a last line that is cut short does not count. */
  get lines(): string[] {
    return this.#text.split('\n').slice(0, -1);
  }

  async ready(): Promise<void> {
    await eventually(
      'the publisher has begun',
      () => this.lines.length > 0 || this.#process.exitCode !== null,
      20_000,
    );
    assert.equal(this.#process.exitCode, null, 'it ended by itself');
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await once(this.#process, 'close');
  }
}

describe('A publisher that is killed while the broker is away', { skip: noMosquitto }, () => {
  it(`delivers all that its outbox had accepted, after ${KILLS} kills`, async (t) => {
    const folder = outboxFolder(tempFolder());
    await using broker = await Mosquitto.prepare({
      user: [OBSERVER, { name: 'x', password: 'x' }],
    });
    const url = broker.url.replace('//', '//x:x@');
    const kept = new Set<string>();
    for (let kill = 0; kill < KILLS; kill++) {
      const source = new EventSource(url, folder, EVENTS_A_RUN);
      await source.ready();
      await sleep(Math.random() * 250);
      await source.kill();
      const odd = source.lines.filter((line) => !/^(ready$|kept \w+$)/.test(line));
      assert.deepEqual(odd, [], `kill ${kill}: it had something to say`);
      for (const line of source.lines) if (line.startsWith('kept ')) kept.add(line.slice(5));
    }

    await broker.start();
    await using observer = new BrokerObserver(broker.url, OBSERVER);
    await eventually('the observer listens', () => observer.isListening);
    for (let delivery = 1; delivery < DELIVERIES; delivery++) {
      const source = new EventSource(url, folder, 0);
      await source.ready();
      await sleep(Math.random() * 500);
      await source.kill();
    }
    const last = new EventSource(url, folder, 0);
    const missing = (): string[] => {
      const arrived = new Set(observer.arrivals.map(({ event }) => event.id));
      return [...kept].filter((id) => !arrived.has(id));
    };
    try {
      await eventually('every accepted event arrives', () => missing().length === 0, 120_000);
    } catch {
      assert.deepEqual(missing(), [], `of ${kept.size}`);
    } finally {
      await last.kill();
    }
    const arrived = new Set(observer.arrivals.map(({ event }) => event.id));
    assert.ok(kept.size > KILLS * 2, `only ${kept.size} events were accepted`);
    t.diagnostic(
      `${KILLS} kills · ${kept.size} events accepted · ${arrived.size} arrived · ` +
        `${observer.arrivals.length - arrived.size} of them twice`,
    );
  });
});
