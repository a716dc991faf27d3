import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Bar, barChart } from '../../bench/plot.js';

function bar(name: string, median: number, isOurs = false): Bar {
  return { name, isOurs, value: { median, min: median, max: median }, text: `${median} ms` };
}

function widthsOf(svg: string): number[] {
  return Array.from(svg.matchAll(/<rect[^>]* width="([\d.]+)"/g), ([, width]) => Number(width));
}

describe('barChart', () => {
  it('draws bars in proportion, each group on a scale of its own', () => {
    const svg = barChart('Times', [
      { title: 'fast', bars: [bar('a', 1), bar('b', 4)] },
      { title: 'slow', bars: [bar('a', 300), bar('b', 100)] },
    ]);
    const [a1 = 0, b1 = 0, a2 = 0, b2 = 0] = widthsOf(svg);
    assert.equal(b1, a2);
    assert.ok(Math.abs(a1 - b1 / 4) < 0.2);
    assert.ok(Math.abs(b2 - a2 / 3) < 0.2);
  });

  it('marks ours, names every bar and gives its value', () => {
    const svg = barChart('Times', [
      { title: 'model', bars: [bar('Lookout', 2, true), bar('x', 3)] },
    ]);
    assert.equal(svg.match(/<rect class="o"/g)?.length, 1);
    for (const text of ['Times', 'model', 'Lookout', '2 ms', '3 ms']) {
      assert.ok(svg.includes(`>${text}</text>`), text);
    }
  });

  it('keeps everything inside the picture, also where rounds differ widely', () => {
    const value = { median: 1, min: 0.5, max: 10 };
    const svg = barChart('Times', [{ title: 'm', bars: [{ ...bar('a', 1), value }] }]);
    const [, width = 0] = /width="(\d+)"/.exec(svg) ?? [];
    const ends = Array.from(svg.matchAll(/x2="([\d.]+)"/g), ([, x]) => Number(x));
    assert.ok(ends.length === 1 && ends.every((end) => end < Number(width) - 50));
  });

  it('escapes what XML would take for its own', () => {
    assert.ok(barChart('a < b & "c"', []).includes('>a &lt; b &amp; &quot;c&quot;</text>'));
  });
});
