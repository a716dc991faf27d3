import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseProbe } from '../../src/camera/video-probe.js';

const PLAIN = 'width=720\nheight=1280\nr_frame_rate=30/1\navg_frame_rate=30000/1001\n';

describe('parseProbe', () => {
  it('reads size and average rate', () => {
    assert.deepEqual(parseProbe(PLAIN), {
      size: { widthPx: 720, heightPx: 1280 },
      fps: 30000 / 1001,
    });
  });

  it('turns the size with the picture', () => {
    const turned = { widthPx: 1280, heightPx: 720 };
    assert.deepEqual(parseProbe(`${PLAIN}TAG:rotate=90\n`)?.size, turned);
    assert.deepEqual(parseProbe(`${PLAIN}rotation=-90\n`)?.size, turned);
    assert.deepEqual(parseProbe(`${PLAIN}rotation=180\n`)?.size, { widthPx: 720, heightPx: 1280 });
  });

  it('takes the nominal rate when the average is unknown', () => {
    assert.equal(parseProbe(PLAIN.replace('30000/1001', '0/0'))?.fps, 30);
  });

  it('is null without size or rate', () => {
    assert.equal(parseProbe(''), null);
    assert.equal(parseProbe('width=0\nheight=0\nr_frame_rate=25/1\navg_frame_rate=25/1'), null);
    assert.equal(parseProbe('width=2\nheight=2\nr_frame_rate=0/0\navg_frame_rate=0/0'), null);
  });
});
