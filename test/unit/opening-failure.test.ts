import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { foreignAnswer, openingFailure } from '../../src/publishing/opening-failure.js';

const PLAIN = { host: 'pi', port: 1, tls: null, path: null };
const TLS = { caPem: null, clientCertificate: null, serverName: null };

describe('openingFailure', () => {
  it('asks whether the port speaks what the URL says', () => {
    const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    for (const [endpoint, language] of [
      [PLAIN, 'MQTT'],
      [{ ...PLAIN, tls: TLS }, 'TLS'],
      [{ ...PLAIN, path: '/' }, 'websockets (ws)'],
      [{ ...PLAIN, tls: TLS, path: '/' }, 'websockets over TLS (wss)'],
    ] as const) {
      const { kind, detail } = openingFailure(reset, endpoint);
      // Not `silent`: MQTT has not been spoken, so another version of it is no remedy.
      assert.equal(kind, 'unreachable');
      assert.ok(detail.endsWith(`does the port in mqtt.url speak ${language}?`), detail);
    }
  });

  it('tells a websocket that is forbidden from one that is not there', () => {
    const kind = (status: number) =>
      openingFailure(new Error(`Unexpected server response: ${status}`), PLAIN).kind;
    assert.deepEqual([401, 403, 404, 502].map(kind), [
      ...['unauthorised', 'unauthorised', 'unreachable', 'unreachable'],
    ]);
  });
});

describe('foreignAnswer', () => {
  it('knows an alert of TLS and an answer of HTTP from MQTT', () => {
    const detail = (bytes: Uint8Array) => foreignAnswer(bytes)?.detail ?? null;
    assert.match(detail(Buffer.from('1503030002020a', 'hex')) ?? '', /speaks TLS/);
    assert.match(detail(Buffer.from('HTTP/1.1 400 Bad Request')) ?? '', /speaks HTTP/);
    for (const connack of ['20030000', '2002', '20', '']) {
      assert.equal(detail(Buffer.from(connack, 'hex')), null);
    }
  });
});
