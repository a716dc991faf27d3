import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TopicAliases } from '../../src/publishing/topic-aliases.js';

describe('TopicAliases', () => {
  it('spells a topic once, then gives its number', () => {
    const aliases = new TopicAliases(10);
    assert.deepEqual(aliases.spell('a'), { topic: 'a', alias: 1 });
    assert.deepEqual(aliases.spell('b'), { topic: 'b', alias: 2 });
    assert.deepEqual(aliases.spell('a'), { topic: '', alias: 1 });
    assert.deepEqual(aliases.spell('b'), { topic: '', alias: 2 });
  });

  it('spells in full what finds no number, and goes on giving those that it gave', () => {
    const aliases = new TopicAliases(1);
    aliases.spell('a');
    assert.deepEqual(aliases.spell('b'), { topic: 'b', alias: null });
    assert.deepEqual(aliases.spell('b'), { topic: 'b', alias: null });
    assert.deepEqual(aliases.spell('a'), { topic: '', alias: 1 });
  });

  it('gives no numbers to a broker that takes none', () => {
    assert.deepEqual(new TopicAliases(0).spell('a'), { topic: 'a', alias: null });
  });
});
