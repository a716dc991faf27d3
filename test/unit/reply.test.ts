import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MAX_REPLY_BYTES, responsePayload } from '../../src/commands/reply.js';

const ASKED = { id: '7', verb: 'health' };

function written(data: unknown): unknown {
  return JSON.parse(responsePayload(ASKED, { status: 'ok', data }, 3.6));
}

function failure(message: string): object {
  const error = { code: 'failed', message };
  return { v: 1, ...ASKED, status: 'error', data: null, error, took_ms: 4 };
}

describe('responsePayload', () => {
  it('has every field, whatever the status', () => {
    const same = { v: 1, ...ASKED, took_ms: 4 };
    assert.deepEqual(written({ a: 1 }), { ...same, status: 'ok', data: { a: 1 }, error: null });
    assert.deepEqual(written(undefined), { ...same, status: 'ok', data: null, error: null });
    const accepted = JSON.parse(responsePayload(ASKED, { status: 'accepted' }, 4));
    assert.deepEqual(accepted, { ...same, status: 'accepted', data: null, error: null });
    const error = { code: 'busy', message: 'later' };
    const refused = JSON.parse(responsePayload(ASKED, { status: 'error', error }, 4));
    assert.deepEqual(refused, { ...same, status: 'error', data: null, error });
  });

  it('is an error where the data cannot be sent', () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    assert.deepEqual(written(circle), failure('the answer cannot be written as JSON'));
    assert.deepEqual(written(1n), failure('the answer cannot be written as JSON'));
    const text = 'é'.repeat(MAX_REPLY_BYTES / 2);
    const bytes = MAX_REPLY_BYTES + 81;
    assert.deepEqual(
      written(text),
      failure(`the answer has ${bytes} bytes, an answer may have at most ${MAX_REPLY_BYTES}`),
    );
  });

  it('shortens what an error says', () => {
    const error = { code: 'failed', message: 'x'.repeat(100_000) };
    assert.ok(responsePayload(ASKED, { status: 'error', error }, 4).length < 1_000);
  });
});
