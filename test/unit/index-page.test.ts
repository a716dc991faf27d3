import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findFile } from '../../src/engine-library/index-page.js';

const NAME = 'a-1.0-py3-none-any.whl';
const HASH = 'AB'.repeat(32);
const PAGE = new URL('https://index.example/simple/a/');

function inHtml(text: string): readonly (string | null)[] | null {
  const link = findFile({ text, contentType: 'text/html; charset=utf-8', url: PAGE }, NAME);
  return link && [link.url.origin + link.url.pathname + link.url.search, link.sha256];
}

function inJson(document: unknown, contentType = 'application/vnd.pypi.simple.v1+json') {
  const text = JSON.stringify(document);
  const link = findFile({ text, contentType, url: PAGE }, NAME);
  return link && [link.url.href, link.sha256];
}

describe('findFile() in HTML', () => {
  it('finds a link with its hash', () => {
    assert.deepEqual(inHtml(`<a href="https://files.example/x/${NAME}#sha256=${HASH}">x</a>`), [
      `https://files.example/x/${NAME}`,
      HASH.toLowerCase(),
    ]);
  });

  it('resolves links against the page, or the base that it names', () => {
    const link = `<a\n class=x href='../../files/${NAME}?a=1&amp;b=2#md5=00'>x</a>`;
    assert.deepEqual(inHtml(link), [`https://index.example/files/${NAME}?a=1&b=2`, null]);
    assert.deepEqual(inHtml(`<base href="//other.example/p/q/r/">${link}`), [
      `https://other.example/p/files/${NAME}?a=1&b=2`,
      null,
    ]);
  });

  it('understands other attributes, case and character references', () => {
    const text = `<A data-requires-python="&gt;=3.9" HREF = "a&#45;1.0&#x2D;py3-none-any.whl" data-x="">`;
    assert.deepEqual(inHtml(text), [`${PAGE.href}${NAME}`, null]);
  });

  it('does not take another file, or one whose name only ends like it', () => {
    assert.equal(inHtml(`<a href="b${NAME}"></a><a href="${NAME}.metadata"></a>${NAME}`), null);
    assert.equal(
      inHtml(`<area href="${NAME}"><a data-href="${NAME}"><a href="http://:/${NAME}">`),
      null,
    );
    assert.equal(inHtml(''), null);
  });

  it('is not slowed down by a page that is made to do so', () => {
    const begin = performance.now();
    assert.equal(inHtml('<a '.repeat(100_000)), null);
    assert.equal(inHtml(`<a ${'x '.repeat(100_000)}`), null);
    assert.ok(performance.now() - begin < 5000);
  });
});

describe('findFile() in JSON', () => {
  it('finds a file by its name', () => {
    const files = [
      { filename: 'other', url: NAME, hashes: { sha256: 'no' } },
      { filename: NAME, url: '../../f/1', hashes: { sha256: HASH } },
    ];
    assert.deepEqual(inJson({ files }), ['https://index.example/f/1', HASH.toLowerCase()]);
    assert.deepEqual(inJson({ files }, 'application/json;charset=utf-8')?.[1], HASH.toLowerCase());
  });

  it('takes a file without a hash', () => {
    assert.deepEqual(inJson({ files: [{ filename: NAME, url: 'f' }] }), [`${PAGE.href}f`, null]);
  });

  it('finds nothing in a list without it, and refuses what is no list', () => {
    assert.equal(inJson({ files: [null, 7, {}] }), null);
    assert.throws(() => inJson({}), /has no list of files/);
    assert.throws(() => inJson(null), /has no list of files/);
    assert.throws(
      () => findFile({ text: '<html>', contentType: 'application/json', url: PAGE }, NAME),
      /not the JSON that it claims to be/,
    );
  });
});
