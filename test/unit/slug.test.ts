import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { labelSlug, SLUG_PATTERN, slug } from '../../src/domain/slug.js';

describe('slug', () => {
  it('keeps what is one already', () => {
    assert.equal(slug('front-door_2'), 'front-door_2');
  });

  it('lowers case, drops accents and makes one _ of everything else', () => {
    assert.equal(slug('Küche / Süd (2)'), 'kuche_sud_2');
    assert.equal(slug('  hot   dog\n'), 'hot_dog');
  });

  it('leaves nothing that has a meaning in a topic or a path', () => {
    assert.equal(slug('a/+/#/../b$'), 'a_b');
  });

  it('gives names without a usable character ids that differ', () => {
    assert.equal(slug('猫'), 'x732b');
    assert.notEqual(slug('猫'), slug('犬'));
  });

  it('always fits the pattern', () => {
    const names = ['', '_', '🦊'.repeat(50), 'x'.repeat(500), '\0', 'ß', 'ﬀ', '\u202Eabc', 'A_'];
    for (const name of names) assert.match(slug(name), SLUG_PATTERN, JSON.stringify(name));
  });
});

describe('labelSlug', () => {
  it('is the slug of the label', () => {
    assert.equal(labelSlug('Hot dog'), 'hot_dog');
  });

  it('leaves the levels of all labels together and of the last picture to these', () => {
    assert.equal(labelSlug('any'), 'any_label');
    assert.equal(labelSlug('Latest!'), 'latest_label');
  });
});
