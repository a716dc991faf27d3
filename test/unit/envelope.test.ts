import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type EnvelopeReading, readRequest, readSetting } from '../../src/commands/envelope.js';

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function refusalOf(reading: EnvelopeReading): string {
  return reading.kind === 'refused' ? `${reading.reason}: ${reading.message}` : 'none';
}

describe('readRequest', () => {
  it('reads id, args and time', () => {
    const text =
      '{"v":1,"id":"7","args":{"level":"info"},"issued_at":"2026-11-21T13:00:00.5+01:00"}';
    assert.deepEqual(readRequest(bytes(text)), {
      kind: 'read',
      envelope: {
        id: '7',
        args: { level: 'info' },
        isBare: false,
        issuedAtMs: Date.parse('2026-11-21T12:00:00.5Z'),
      },
    });
  });

  it('takes nothing at all for an empty envelope', () => {
    for (const text of ['', '\n', '{}']) {
      assert.deepEqual(readRequest(bytes(text)), {
        kind: 'read',
        envelope: { id: null, args: undefined, isBare: false, issuedAtMs: null },
      });
    }
  });

  for (const [what, text, refusal] of [
    ['a bare text', 'PRESS', /^malformed: payload: expected a JSON object like/],
    ['a list', '[]', /^malformed: payload: expected a JSON object like/],
    ['half an object', '{"id":', /^malformed: payload: not JSON: /],
    ['a number as id', '{"id":7}', /^malformed: payload\.id: found 7, expected a text/],
    ['an empty id', '{"id":""}', /^malformed: payload\.id: found "", expected a text/],
    ['a long id', `{"id":"${'x'.repeat(129)}"}`, /^malformed: payload\.id: found "x/],
    ['a misspelt field', '{"arg":{}}', /^malformed: payload: unknown field "arg", valid are v, id/],
    ['a prototype', '{"__proto__":{"id":"1"}}', /^malformed: payload: unknown field "__proto__"/],
    ['another version', '{"v":2}', /^malformed: payload\.v: found 2, expected 1/],
    [
      'a time without zone',
      '{"issued_at":"2026-11-21T12:00:00"}',
      /^malformed: payload\.issued_at/,
    ],
    ['an impossible time', '{"issued_at":"2026-13-41T12:00:00Z"}', /is no time$/],
    ['nine levels', `{"args":${'['.repeat(8)}${']'.repeat(8)}}`, /deeper than 8 levels$/],
    ['a great many levels', `{"args":${'['.repeat(16_000)}`, /deeper than 8 levels$/],
    [
      'too much',
      ' '.repeat(16_385),
      /^too-large: payload: found 16385 bytes, expected at most 16384/,
    ],
  ] as const) {
    it(`refuses ${what}`, () => assert.match(refusalOf(readRequest(bytes(text))), refusal));
  }

  it('refuses what is no UTF-8', () => {
    const latin1 = Uint8Array.of(0x7b, 0xe9, 0x7d);
    assert.match(
      refusalOf(readRequest(latin1)),
      /^malformed: payload: found bytes that are no UTF-8/,
    );
  });

  it('does not count brackets in texts as levels', () => {
    const text = String.raw`{"args":"\"[[[[[[[[[[\\","id":"[[[[[[[["}`;
    assert.equal(readRequest(bytes(text)).kind, 'read');
  });
});

describe('readSetting', () => {
  it('takes what is no object for a bare value', () => {
    for (const text of ['ON', '0.5', 'my model', '[1]']) {
      assert.deepEqual(readSetting(bytes(`${text}\n`)), {
        kind: 'read',
        envelope: { id: null, args: text, isBare: true, issuedAtMs: null },
      });
    }
  });

  it('reads an envelope around the value', () => {
    assert.deepEqual(readSetting(bytes('{"id":"7","args":0.5}')), {
      kind: 'read',
      envelope: { id: '7', args: 0.5, isBare: false, issuedAtMs: null },
    });
  });
});
