import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fillSection, table } from '../../bench/page.js';

const PAGE = 'Before\n<!-- bench:a -->\nold\n<!-- /bench:a -->\nAfter\n';

describe('fillSection', () => {
  it('replaces what stands between the marks and nothing else', () => {
    const filled = 'Before\n<!-- bench:a -->\n\nnew\n\n<!-- /bench:a -->\nAfter\n';
    assert.equal(fillSection(PAGE, 'a', 'new\n'), filled);
  });

  it('gives the same when it is done again', () => {
    const once = fillSection(PAGE, 'a', 'new');
    assert.equal(fillSection(once, 'a', 'new'), once);
  });

  for (const [what, page] of [
    ['no marks', 'nothing'],
    ['the end first', '<!-- /bench:a --> <!-- bench:a -->'],
    ['two beginnings', `<!-- bench:a -->${PAGE}`],
    ['two ends', `${PAGE}<!-- /bench:a -->`],
  ] as const) {
    it(`refuses a page with ${what}`, () => {
      assert.throws(
        () => fillSection(page, 'a', 'new'),
        /Cannot fill the page: expected "<!-- bench:a/,
      );
    });
  }
});

describe('table', () => {
  it('writes Markdown, with bars inside cells escaped', () => {
    assert.equal(table(['a', 'b'], [['1', 'x|y']]), '| a | b |\n|---|---|\n| 1 | x\\|y |');
  });
});
