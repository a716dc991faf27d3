import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Ajv2020 } from 'ajv/dist/2020.js';
import {
  COMMAND_NAMES,
  type CommandHandlers,
  type CommandName,
  specOf,
} from '../../src/commands/command-table.js';
import { MAX_REPLY_BYTES } from '../../src/commands/reply.js';
import type { IncomingMessage } from '../../src/contract/incoming-message.js';
import type { Reply } from '../../src/contract/reply.js';
import { CommandDesk, contentOf } from '../helpers/command-desk.js';
import { fuzzedMessage } from '../helpers/command-fuzz.js';
import { seededRandom } from '../helpers/seeded-random.js';

const COMMANDS = 10_000;
const FORBIDDEN: readonly CommandName[] = ['restart', 'set/zone'];

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapBytes(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Handlers for all commands that have what they are given checked by somebody else. */
function checkingHandlers(random: () => number, calls: Map<string, number>): CommandHandlers {
  const ajv = new Ajv2020();
  const handlerOf = (name: CommandName) => {
    const spec = specOf(name);
    const accepts = ajv.compile(spec.kind === 'request' ? spec.args : spec.value);
    return (args: { value?: unknown }) => {
      const isSound = accepts(spec.kind === 'request' ? args : args.value);
      const key = isSound ? name : `against the schema of ${name}`;
      calls.set(key, (calls.get(key) ?? 0) + 1);
      return behaveAnyhow(random());
    };
  };
  return Object.fromEntries(COMMAND_NAMES.map((name) => [name, handlerOf(name)]));
}

function behaveAnyhow(roll: number): unknown {
  if (roll < 0.1) throw new Error('thrown');
  if (roll < 0.2) return Promise.reject(Object.assign(new Error(), { code: 7 }));
  if (roll < 0.3) return 'x'.repeat(roll * 4 * MAX_REPLY_BYTES);
  if (roll < 0.4) return 1n;
  return new Promise((resolve) => setImmediate(resolve, {}));
}

/** Checks every answer by itself, and that each asker gets one. */
class AnswerCheck {
  readonly problems: string[] = [];
  /** Final answers by the number in the correlation data. */
  readonly #finals: number[] = [];
  readonly #mustBeAnswered: number[] = [];
  #sent = 0;

  /** The message as it is sent: where it has a sound response topic, it carries its number. */
  numbered(message: IncomingMessage): IncomingMessage {
    this.#sent += 1;
    if (message.properties?.responseTopic !== 'replies/me') return message;
    const isRequest = /^lookout\/pi\/request\/.{1,192}$/su.test(message.topic);
    if (isRequest && !message.retain) this.#mustBeAnswered.push(this.#sent);
    const correlationData = new Uint8Array(new Uint32Array([this.#sent]).buffer);
    return { ...message, properties: { ...message.properties, correlationData } };
  }

  see(reply: Reply): void {
    const { v, status, took_ms: tookMs } = contentOf(reply);
    const isSound =
      v === 1 &&
      ['ok', 'error', 'accepted'].includes(status) &&
      tookMs >= 0 &&
      Buffer.byteLength(reply.payload) <= MAX_REPLY_BYTES &&
      /^(replies\/me|lookout\/pi\/response\/[^+#\0]+|x{1,512})$/.test(reply.topic) &&
      (reply.correlationData?.length ?? 0) <= 1024;
    if (!isSound)
      this.problems.push(`answer ${reply.topic.slice(0, 99)} ${reply.payload.slice(0, 99)}`);
    if (reply.topic !== 'replies/me' || status === 'accepted') return;
    const number = new Uint32Array(reply.correlationData?.slice().buffer ?? [])[0] ?? 0;
    this.#finals[number] = (this.#finals[number] ?? 0) + 1;
  }

  /** Looks back at what has been sent so far, and forgets it. */
  finish(): void {
    const silent = this.#mustBeAnswered.filter((number) => this.#finals[number] === undefined);
    if (silent.length > 0) this.problems.push(`${silent.length} requests without an answer`);
    const twice = this.#finals.filter((count) => count > 1);
    if (twice.length > 0) this.problems.push(`${twice.length} answered more than once`);
    this.#mustBeAnswered.length = 0;
    this.#finals.length = 0;
  }
}

/** Hands in fuzzed messages, mostly a few at a time and now and then very many. */
async function fuzz(desk: CommandDesk, check: AnswerCheck, random: () => number): Promise<void> {
  for (let sent = 0; sent < COMMANDS; ) {
    const burst = Math.min(COMMANDS - sent, random() < 0.02 ? 400 : 4);
    for (let i = 0; i < burst; i += 1) desk.router.receive(check.numbered(fuzzedMessage(random)));
    sent += burst;
    await desk.settled();
    desk.nowMs += 50;
  }
  check.finish();
  desk.log.lines.length = 0;
}

describe('CommandRouter under 10,000 fuzzed commands', () => {
  it('refuses or answers and counts every one, and keeps no memory of them', async (t) => {
    const random = seededRandom(20_261_121);
    const calls = new Map<string, number>();
    const check = new AnswerCheck();
    const desk = new CommandDesk({
      policy: COMMAND_NAMES.filter((name) => !FORBIDDEN.includes(name)),
      handlers: checkingHandlers(random, calls),
      reply: (reply) => check.see(reply),
    });

    // Once to fill every bounded memory and to have all code compiled.
    await fuzz(desk, check, random);
    const heapBefore = heapBytes();
    const beganMs = performance.now();
    await fuzz(desk, check, random);
    const tookMs = performance.now() - beganMs;
    const heapGrowth = heapBytes() - heapBefore;

    const { received, accepted, done, failed, repeated, refused } = desk.router.counters;
    t.diagnostic(
      `${Math.round((tookMs / COMMANDS) * 1000)} µs a command, heap ${heapGrowth} bytes, ${JSON.stringify(desk.router.counters)}`,
    );
    assert.deepEqual(check.problems, []);
    const allowed = COMMAND_NAMES.filter((name) => !FORBIDDEN.includes(name));
    assert.deepEqual([...calls.keys()].sort(), [...allowed].sort());
    assert.equal(received, 2 * COMMANDS);
    assert.equal(accepted + repeated + sum(Object.values(refused)), received);
    assert.equal(done + failed, accepted);
    assert.equal(sum([...calls.values()]), accepted);
    const rare = [repeated, failed, ...Object.values(refused)].filter((count) => count < 20);
    assert.deepEqual(rare, [], JSON.stringify(desk.router.counters));
    assert.ok(heapGrowth < 1_000_000, `the heap grew by ${heapGrowth} bytes`);
  });
});

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
