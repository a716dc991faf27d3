import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CommandHandlers } from '../../src/commands/command-table.js';
import { REFUSAL_REASONS } from '../../src/commands/refusal.js';
import { CommandDesk, contentOf, NOW_MS } from '../helpers/command-desk.js';
import { eventually } from '../helpers/eventually.js';

/** A desk whose handlers write down what they are called with. */
function recordingDesk(options: ConstructorParameters<typeof CommandDesk>[0] = {}) {
  const calls: unknown[] = [];
  const record = (name: string, data?: unknown) => (args: unknown) => {
    calls.push({ name, args });
    return data;
  };
  const handlers: CommandHandlers = {
    ping: record('ping'),
    health: record('health', { level: 'ok' }),
    restart: record('restart'),
    'model/load': record('model/load'),
    'set/model': record('set/model'),
    'set/log_level': record('set/log_level'),
    'set/inference_max_fps': record('set/inference_max_fps'),
    'set/detect': record('set/detect'),
    'set/threshold': record('set/threshold'),
    'set/zone': record('set/zone'),
  };
  return { desk: new CommandDesk({ handlers, ...options }), calls };
}

/** What a refusal for this reason has said, where it was answered. */
async function codesOf(
  desk: CommandDesk,
  ...message: Parameters<CommandDesk['ask']>
): Promise<(string | undefined)[]> {
  return (await desk.ask(...message)).map(({ error }) => error?.code);
}

describe('CommandRouter', () => {
  describe('requests', () => {
    it('answers on response/ and the verb, with the id that was given', async () => {
      const { desk, calls } = recordingDesk();
      const [answer] = await desk.ask('request/health', { id: '7', args: {} });
      assert.deepEqual(answer, {
        v: 1,
        id: '7',
        verb: 'health',
        status: 'ok',
        data: { level: 'ok' },
        error: null,
        took_ms: 0,
      });
      const [reply] = desk.replies;
      assert.equal(reply?.topic, 'lookout/pi/response/health');
      assert.equal(reply?.correlationData, null);
      assert.equal(reply?.expiryS, 60);
      assert.deepEqual(calls, [{ name: 'health', args: {} }]);
    });

    it('takes nothing at all for a request without arguments', async () => {
      const { desk } = recordingDesk();
      const [answer] = await desk.ask('request/ping');
      assert.equal(answer?.status, 'ok');
      assert.equal(answer?.id, null);
    });

    it('answers to the response topic of MQTT 5, with a copy of the correlation data', async () => {
      const { desk } = recordingDesk();
      const correlationData = Buffer.from([0, 255, 7]);
      desk.receive('request/ping', '', {
        properties: { responseTopic: 'replies/me', correlationData },
      });
      correlationData.fill(1);
      await desk.settled();
      assert.equal(desk.replies[0]?.topic, 'replies/me');
      assert.deepEqual(desk.replies[0]?.correlationData, Uint8Array.of(0, 255, 7));
    });

    it('says accepted first where it may take long, and then what became of it', async () => {
      const { desk, calls } = recordingDesk();
      const answers = await desk.ask('request/model/load', { id: '7', args: { name: 'cats' } });
      assert.deepEqual(
        answers.map(({ status }) => status),
        ['accepted', 'ok'],
      );
      assert.deepEqual(calls, [{ name: 'model/load', args: { name: 'cats' } }]);
    });

    it('answers with the code and text of what a handler throws', async () => {
      const desk = new CommandDesk({
        handlers: {
          ping: () => Promise.reject(Object.assign(new Error('no cats'), { code: 'not-found' })),
          health: () => {
            throw Object.assign(new Error('open failed'), { code: 'ENOENT' });
          },
        },
      });
      const [ping] = await desk.ask('request/ping');
      assert.deepEqual(ping?.error, { code: 'not-found', message: 'no cats' });
      const [health] = await desk.ask('request/health');
      assert.deepEqual(health?.error, { code: 'failed', message: 'no such file' });
      assert.deepEqual(desk.log.having('failed'), [
        'warn Command "ping" failed: no cats',
        'warn Command "health" failed: no such file',
      ]);
      assert.equal(desk.router.counters.failed, 2);
    });

    it('runs quick ones while a slow one runs', async () => {
      let finish = () => undefined as unknown;
      const desk = new CommandDesk({
        handlers: {
          ping: () => null,
          'model/load': () =>
            new Promise((resolve) => {
              finish = () => resolve(null);
            }),
        },
      });
      desk.receive('request/model/load', { args: { name: 'cats' } });
      desk.receive('request/ping');
      await eventually('the ping is answered', () => desk.replies.length === 2);
      assert.deepEqual(
        desk.replies.map(contentOf).map(({ verb, status }) => `${verb} ${status}`),
        ['model/load accepted', 'ping ok'],
      );
      finish();
      await desk.settled();
      assert.equal(contentOf(desk.replies[2]!).status, 'ok');
    });
  });

  describe('settings', () => {
    for (const [topic, payload, name, args] of [
      ['set/log_level', 'debug', 'set/log_level', { value: 'debug' }],
      ['set/log_level', 'debug\n', 'set/log_level', { value: 'debug' }],
      ['set/model', '123', 'set/model', { value: '123' }],
      ['set/inference_max_fps', '7.50', 'set/inference_max_fps', { value: 7.5 }],
      ['cam/porch/set/detect', 'OFF', 'set/detect', { value: 'OFF', camera: 'porch' }],
      [
        'cam/porch/set/threshold/person',
        '1e-1',
        'set/threshold',
        { value: 0.1, camera: 'porch', label: 'person' },
      ],
      [
        'cam/porch/set/zone/drive',
        '{"args":"ON"}',
        'set/zone',
        { value: 'ON', camera: 'porch', zone: 'drive' },
      ],
    ] as const) {
      it(`gives ${JSON.stringify(payload)} on ${topic} to its handler, without an answer`, async () => {
        const { desk, calls } = recordingDesk();
        assert.deepEqual(await desk.ask(topic, payload), []);
        assert.deepEqual(calls, [{ name, args }]);
        assert.equal(desk.router.counters.done, 1);
      });
    }

    it('tells what was set, by its topic, and not what failed or was refused', async () => {
      const made: string[] = [];
      const { desk } = recordingDesk({
        onSet: (topic, value) => void made.push(`${topic} ${value}`),
      });
      await desk.ask('cam/porch/set/threshold/person', '0.50');
      await desk.ask('cam/porch/set/detect', 'perhaps');
      await desk.ask('request/ping');
      const failing = new CommandDesk({
        handlers: { 'set/detect': () => Promise.reject(new Error('no')) },
        onSet: (topic) => void made.push(topic),
      });
      await failing.ask('cam/porch/set/detect', 'OFF');
      assert.deepEqual(made, ['cam/porch/set/threshold/person 0.5']);
    });

    it('takes "default" for what is configured, where something is', async () => {
      const configured: Record<string, string> = {
        'cam/porch/set/threshold/person': '0.5',
        'cam/porch/set/detect': 'ON',
      };
      const { desk, calls } = recordingDesk({
        configuredOf: (topic) => configured[topic] ?? null,
      });
      await desk.ask('cam/porch/set/threshold/person', 'default');
      await desk.ask('cam/porch/set/detect', { id: '7', args: 'default' });
      assert.deepEqual(calls, [
        { name: 'set/threshold', args: { value: 0.5, camera: 'porch', label: 'person' } },
        { name: 'set/detect', args: { value: 'ON', camera: 'porch' } },
      ]);
      await desk.ask('cam/porch/set/zone/drive', 'default');
      assert.equal(desk.router.counters.refused.malformed, 1);
    });

    it('makes a setting at once and uncounted where the process itself wants it', async () => {
      const { desk, calls } = recordingDesk({ policy: ['set/zone', 'set/threshold'] });
      const { signal } = new AbortController();
      await desk.router.set('cam/porch/set/zone/drive', 'OFF', signal);
      assert.deepEqual(calls, [
        { name: 'set/zone', args: { value: 'OFF', camera: 'porch', zone: 'drive' } },
      ]);
      await assert.rejects(desk.router.set('cam/porch/set/detect', 'OFF', signal), /not among/);
      await assert.rejects(desk.router.set('cam/attic/set/zone/a', 'OFF', signal), /no camera/);
      await assert.rejects(
        desk.router.set('cam/porch/set/threshold/person', '7', signal),
        /expected a number from 0 to 1/,
      );
      assert.equal(desk.router.counters.received, 0);
    });

    it('answers where an id or a response topic shows that somebody waits', async () => {
      const { desk } = recordingDesk();
      const [withId] = await desk.ask('cam/porch/set/detect', { id: '7', args: 'ON' });
      assert.equal(withId?.status, 'ok');
      assert.equal(withId?.verb, 'cam/porch/set/detect');
      assert.equal(desk.replies[0]?.topic, 'lookout/pi/response/cam/porch/set/detect');
      await desk.ask('cam/porch/set/detect', 'maybe', {
        properties: { responseTopic: 'replies/me' },
      });
      assert.equal(desk.replies[1]?.topic, 'replies/me');
      assert.deepEqual(contentOf(desk.replies[1]!).error, {
        code: 'malformed',
        message: 'payload: found "maybe", expected "ON" or "OFF"',
      });
    });

    for (const [topic, payload] of [
      ['cam/porch/set/detect', 'on'],
      ['cam/porch/set/detect', 'true'],
      ['cam/porch/set/threshold/person', '1.01'],
      ['cam/porch/set/threshold/person', 'NaN'],
      ['cam/porch/set/threshold/person', '0x1'],
      ['cam/porch/set/threshold/person', '1e999'],
      ['cam/porch/set/threshold/person', ''],
      ['cam/porch/set/threshold/Person', '0.5'],
      ['cam/porch/set/threshold/person', '{"args":"0.5"}'],
      ['cam/porch/set/threshold/person', '{}'],
      ['set/log_level', '"debug"'],
    ] as const) {
      it(`refuses ${JSON.stringify(payload)} on ${topic} without effect or answer`, async () => {
        const { desk, calls } = recordingDesk();
        assert.deepEqual(await desk.ask(topic, payload), []);
        assert.deepEqual(calls, []);
        assert.equal(desk.router.counters.refused.malformed, 1);
      });
    }
  });

  describe('what is refused', () => {
    it('retained commands, answered once however often they come', async () => {
      const { desk, calls } = recordingDesk();
      const retained = { retain: true };
      assert.deepEqual(await codesOf(desk, 'request/restart', { id: '7' }, retained), ['retained']);
      assert.deepEqual(await codesOf(desk, 'request/restart', { id: '7' }, retained), []);
      assert.deepEqual(await codesOf(desk, 'request/restart', { id: '8' }, retained), ['retained']);
      assert.deepEqual(await codesOf(desk, 'request/restart', '{', retained), ['retained']);
      assert.deepEqual(calls, []);
      assert.equal(desk.router.counters.refused.retained, 4);
      assert.equal(desk.log.having('retained').length, 1);
    });

    it('commands issued more than 60 s ago or ahead', async () => {
      const { desk } = recordingDesk();
      const issuedAt = (ms: number) => ({ issued_at: new Date(NOW_MS + ms).toISOString() });
      assert.deepEqual(await codesOf(desk, 'request/ping', issuedAt(-60_001)), ['old']);
      assert.deepEqual(await codesOf(desk, 'request/ping', issuedAt(60_001)), ['old']);
      assert.deepEqual(await codesOf(desk, 'request/ping', issuedAt(-60_000)), [undefined]);
      assert.deepEqual(await codesOf(desk, 'request/ping', issuedAt(60_000)), [undefined]);
      assert.equal(desk.router.counters.refused.old, 2);
    });

    it('no command as old while the time is not known', async () => {
      const { desk } = recordingDesk({ isClockRight: () => false });
      const issued_at = '1970-01-01T00:00:00Z';
      assert.deepEqual(await codesOf(desk, 'request/ping', { issued_at }), [undefined]);
    });

    it('commands that are too large', async () => {
      const { desk } = recordingDesk();
      assert.deepEqual(await codesOf(desk, 'request/ping', 'x'.repeat(16_385)), ['too-large']);
      const properties = { responseTopic: 'replies/me', correlationData: new Uint8Array(1025) };
      assert.deepEqual(await codesOf(desk, 'request/ping', '', { properties }), ['too-large']);
      assert.equal(desk.router.counters.refused['too-large'], 2);
    });

    it('arguments that the verb does not take', async () => {
      const { desk, calls } = recordingDesk();
      for (const args of [{ a: 1 }, [], null, 'x', { __proto__: null, constructor: 1 }]) {
        assert.deepEqual(await codesOf(desk, 'request/restart', { args }), ['malformed']);
      }
      assert.deepEqual(calls, []);
    });

    it('response topics where an answer would do harm, which is told on the default one', async () => {
      const { desk, calls } = recordingDesk();
      for (const responseTopic of ['a/#', 'lookout/pi/request/restart', 'lookout/pi/status', '']) {
        const properties = { responseTopic };
        assert.deepEqual(await codesOf(desk, 'request/ping', '', { properties }), ['malformed']);
      }
      assert.deepEqual(
        new Set(desk.replies.map(({ topic }) => topic)),
        new Set(['lookout/pi/response/ping']),
      );
      assert.deepEqual(calls, []);
    });

    it('verbs that are unknown or have no handler', async () => {
      const { desk } = recordingDesk();
      const verbs = ['nothing', 'reload', 'constructor', '__proto__', 'set/model', 'ping/x'];
      for (const verb of verbs) {
        assert.deepEqual(await codesOf(desk, `request/${verb}`), ['unknown-verb']);
      }
      assert.match(
        contentOf(desk.replies[0]!).error?.message ?? '',
        /^there is no command "nothing", valid are ping, health, model\/load, restart, set\/model/,
      );
      assert.equal(desk.router.counters.refused['unknown-verb'], verbs.length);
    });

    it('settings in the wrong place', async () => {
      const { desk, calls } = recordingDesk();
      for (const [topic, message] of [
        ['set/detect', 'the topic of "set/detect" is cam/{camera}/set/detect'],
        ['cam/porch/set/log_level', 'the topic of "set/log_level" is set/log_level'],
        ['set/log_level/x', 'the topic of "set/log_level" is set/log_level'],
        ['cam/porch/set/zone', 'the topic of "set/zone" is cam/{camera}/set/zone/{zone}'],
        ['cam/barn/set/detect', 'there is no camera "barn", valid are porch'],
      ] as const) {
        const [answer] = await desk.ask(topic, { id: '7', args: 'ON' });
        assert.deepEqual(answer?.error, { code: 'unknown-verb', message });
      }
      assert.deepEqual(calls, []);
    });

    it('messages on topics of no command, without an answer', async () => {
      const { desk } = recordingDesk();
      assert.deepEqual(await desk.ask('elsewhere', { id: '7' }), []);
      assert.equal(desk.router.counters.refused.malformed, 1);
    });

    for (const [policy, allowed] of [
      ['off', []],
      ['readonly', ['ping', 'health']],
      ['all', ['ping', 'health', 'restart', 'set/log_level']],
      [
        ['restart', 'set/log_level'],
        ['restart', 'set/log_level'],
      ],
    ] as const) {
      it(`what the policy ${JSON.stringify(policy)} does not allow`, async () => {
        const { desk, calls } = recordingDesk({ policy });
        for (const verb of ['ping', 'health', 'restart']) await desk.ask(`request/${verb}`);
        await desk.ask('set/log_level', 'info');
        assert.deepEqual(
          calls.map((call) => (call as { name: string }).name),
          allowed,
        );
        assert.equal(desk.router.counters.refused['not-allowed'], 4 - allowed.length);
      });
    }

    it('more than can wait, as busy', async () => {
      const { desk, calls } = recordingDesk();
      for (let count = 0; count < 40; count += 1) desk.receive('request/ping', { id: `${count}` });
      await desk.settled();
      const { accepted, refused } = desk.router.counters;
      assert.deepEqual({ accepted, busy: refused.busy }, { accepted: 32, busy: 8 });
      assert.equal(calls.length, 32);
      assert.equal(desk.replies.length, 40);
      assert.deepEqual(await codesOf(desk, 'request/ping', { id: '39' }), [undefined]);
    });

    it('what has expired by the time its turn comes', async () => {
      const desk = new CommandDesk({
        handlers: {
          health: () => {
            desk.nowMs += 2_001;
          },
          ping: () => null,
        },
      });
      desk.receive('request/health');
      desk.receive('request/ping', { id: 'expired' }, { properties: { messageExpiryInterval: 2 } });
      desk.receive('request/ping', { id: 'alive' }, { properties: { messageExpiryInterval: 3 } });
      await desk.settled();
      assert.deepEqual(
        desk.replies.map(contentOf).map(({ error }) => error?.code),
        [undefined, 'old', undefined],
      );
    });

    it('logs the first of each kind only', async () => {
      const { desk } = recordingDesk();
      for (let count = 0; count < 3; count += 1) {
        await desk.ask('request/ping', '{');
        await desk.ask('request/nothing');
      }
      assert.equal(desk.log.lines.length, 2);
      assert.match(
        desk.log.lines[0] ?? '',
        /^warn Command refused as malformed: payload: not JSON/,
      );
    });
  });

  describe('repetitions', () => {
    it('get the same answer without effect for a minute', async () => {
      const { desk, calls } = recordingDesk();
      const [first] = await desk.ask('request/restart', { id: '7' });
      desk.nowMs = 60_000;
      const [second] = await desk.ask('request/restart', { id: '7', args: {} });
      assert.deepEqual(second, first);
      assert.equal(calls.length, 1);
      assert.equal(desk.router.counters.repeated, 1);
      desk.nowMs = 60_001;
      await desk.ask('request/restart', { id: '7' });
      assert.equal(calls.length, 2);
    });

    it('get the answer of the first while that still runs, each where it asked for it', async () => {
      let finish = () => undefined as unknown;
      let runs = 0;
      const desk = new CommandDesk({
        handlers: {
          restart: () =>
            new Promise((resolve) => {
              runs += 1;
              finish = () => resolve('done');
            }),
        },
      });
      desk.receive('request/restart', { id: '7' });
      desk.receive('request/restart', { id: '7' }, { properties: { responseTopic: 'replies/b' } });
      await eventually('it runs', () => runs === 1);
      finish();
      await desk.settled();
      assert.deepEqual(
        desk.replies.map(({ topic }) => topic),
        ['lookout/pi/response/restart', 'replies/b'],
      );
      assert.equal(desk.replies[0]?.payload, desk.replies[1]?.payload);
      assert.equal(runs, 1);
    });

    it('are refused as busy when too many wait for the same answer', async () => {
      const { desk, calls } = recordingDesk();
      for (let count = 0; count < 20; count += 1) desk.receive('request/ping', { id: '7' });
      await desk.settled();
      assert.equal(calls.length, 1);
      assert.equal(desk.replies.length, 20);
      const { accepted, repeated, refused } = desk.router.counters;
      assert.deepEqual([accepted, repeated, refused.busy], [1, 7, 12]);
    });

    it('are known by verb and id together', async () => {
      const { desk, calls } = recordingDesk();
      await desk.ask('request/ping', { id: '7' });
      await desk.ask('request/health', { id: '7' });
      await desk.ask('cam/porch/set/zone/a', { id: '7', args: 'ON' });
      await desk.ask('cam/porch/set/zone/b', { id: '7', args: 'ON' });
      assert.equal(calls.length, 4);
    });

    it('may not ask for something else', async () => {
      const { desk, calls } = recordingDesk();
      await desk.ask('set/log_level', { id: '7', args: 'info' });
      const [answer] = await desk.ask('set/log_level', { id: '7', args: 'debug' });
      assert.equal(answer?.error?.code, 'malformed');
      assert.equal(calls.length, 1);
    });
  });

  it('answers what runs and waits when it is disposed of, and refuses what comes after', async () => {
    const desk = new CommandDesk({
      handlers: {
        ping: (_args, signal) =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason));
          }),
      },
    });
    desk.receive('request/ping', { id: '1' });
    desk.receive('request/ping', { id: '2' });
    await desk.router[Symbol.asyncDispose]();
    desk.receive('request/ping', { id: '3' });
    assert.deepEqual(
      desk.replies.map(contentOf).map(({ id, error }) => [id, error?.code]),
      [
        ['1', 'stopped'],
        ['2', 'stopped'],
        ['3', 'busy'],
      ],
    );
  });

  it('counts every reason from the start', () => {
    const { refused } = recordingDesk().desk.router.counters;
    assert.deepEqual(Object.keys(refused), [...REFUSAL_REASONS]);
    assert.deepEqual(new Set(Object.values(refused)), new Set([0]));
  });
});
