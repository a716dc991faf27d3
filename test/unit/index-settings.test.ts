import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { indexSettings } from '../../src/engine-library/index-settings.js';

async function settings(options: Record<string, string>) {
  const { places, network } = await indexSettings(new Map(Object.entries(options)), {});
  const shown = places.map((place) => (place.kind === 'page' ? place.url.href : place.path));
  return { places: shown, network };
}

describe('indexSettings()', () => {
  it('is the public index where nothing is configured', async () => {
    const { places, network } = await settings({});
    assert.equal(places.length, 1);
    assert.match(places[0] ?? '', /^https:\/\/[^/]+\/simple\/ai-edge-litert\/$/);
    assert.equal(network.silenceMs, 15_000);
    assert.equal(network.credentials.size, 0);
  });

  it('puts folders before pages, and the index before the extra ones', async () => {
    const { places } = await settings({
      'index-url': 'https://one.example/simple/',
      'extra-index-url': 'http://two.example:81/root\nfile:///srv/simple',
      'find-links': 'https://page.example/links.html /opt/wheels wheels',
    });
    assert.deepEqual(places, [
      '/opt/wheels',
      'wheels',
      '/srv/simple/ai-edge-litert',
      'https://page.example/links.html',
      'https://one.example/simple/ai-edge-litert/',
      'http://two.example:81/root/ai-edge-litert/',
    ]);
  });

  it('asks no index where pip may not', async () => {
    const { places } = await settings({
      'no-index': 'True',
      'index-url': 'https://one.example/',
      'find-links': '/opt/wheels',
    });
    assert.deepEqual(places, ['/opt/wheels']);
    assert.equal((await settings({ 'no-index': '0' })).places.length, 1);
  });

  it('takes user and password out of the address', async () => {
    const { places, network } = await settings({
      'index-url': 'https://us%40r:p%3Aw@one.example/simple',
      'extra-index-url': 'https://token@two.example/simple https://u:50%@three.example/',
    });
    assert.doesNotMatch(places.join(), /us|p%3Aw|token/);
    const pairs = [...network.credentials].map(([origin, value]) => [
      origin,
      Buffer.from(value.replace(/^Basic /, ''), 'base64').toString(),
    ]);
    assert.deepEqual(pairs, [
      ['https://one.example', 'us@r:p:w'],
      ['https://two.example', 'token:'],
      ['https://three.example', 'u:50%'],
    ]);
  });

  it('takes time limit and trusted hosts', async () => {
    const { network } = await settings({
      'default-timeout': '180',
      'trusted-host': 'one.example two.example:8443',
    });
    assert.equal(network.silenceMs, 180_000);
    assert.deepEqual([...network.trustedHosts], ['one.example', 'two.example:8443']);
    assert.equal((await settings({ timeout: 'never' })).network.silenceMs, 15_000);
  });

  it('refuses an address of another kind without showing it', async () => {
    await assert.rejects(settings({ 'index-url': 'ftp://user:secret@one.example/' }), {
      message: "Cannot use pip's index-url: found ftp:, expected https: or http:",
    });
  });
});
