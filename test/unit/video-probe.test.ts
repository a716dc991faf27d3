import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseProbe } from '../../src/camera/video-probe.js';

const PLAIN = 'width=720\nheight=1280\nr_frame_rate=30/1\navg_frame_rate=30000/1001\n';

describe('parseProbe', () => {
  it('reads size and average rate', () => {
    assert.deepEqual(parseProbe(PLAIN), {
      size: { widthPx: 720, heightPx: 1280 },
      isRotated: false,
      fps: 30000 / 1001,
      colours: null,
    });
  });

  it('knows the colours of 8-bit YUV420 of limited range, and says so of nothing else', () => {
    const coloursOf = (pixels: string, range: string, space: string) =>
      parseProbe(`${PLAIN}pix_fmt=${pixels}\ncolor_range=${range}\ncolor_space=${space}\n`)
        ?.colours;
    assert.equal(coloursOf('yuv420p', 'tv', 'bt709'), 'bt709');
    assert.equal(coloursOf('yuv420p', 'tv', 'smpte170m'), 'bt601');
    assert.equal(coloursOf('yuv420p', 'unknown', 'bt470bg'), 'bt601');
    assert.equal(coloursOf('yuv420p', 'unknown', 'unknown'), 'bt601');
    assert.equal(coloursOf('yuv420p', 'pc', 'bt709'), null);
    assert.equal(coloursOf('yuvj420p', 'pc', 'bt470bg'), null);
    assert.equal(coloursOf('yuv420p10le', 'tv', 'bt709'), null);
    assert.equal(coloursOf('yuv420p', 'tv', 'bt2020nc'), null);
  });

  it('turns the size with the picture', () => {
    const turned = { widthPx: 1280, heightPx: 720 };
    assert.deepEqual(parseProbe(`${PLAIN}TAG:rotate=90\n`)?.size, turned);
    assert.deepEqual(parseProbe(`${PLAIN}rotation=-90\n`)?.size, turned);
    const upsideDown = parseProbe(`${PLAIN}rotation=180\n`);
    assert.deepEqual(upsideDown?.size, { widthPx: 720, heightPx: 1280 });
    assert.ok(upsideDown.isRotated);
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
