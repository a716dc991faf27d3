import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  certainLayout,
  configuredSize,
  layoutOfBytes,
  possibleLayouts,
} from '../../src/camera/rpicam-layout.js';
import { frameByteLength, packedLayout } from '../../src/domain/frame.js';

function stridesOf(widthPx: number, heightPx: number, frameBytes: number) {
  const layout = layoutOfBytes({ widthPx, heightPx }, frameBytes);
  return layout && [layout.strideBytes, layout.chromaStrideBytes];
}

describe('certainLayout', () => {
  it('is packed for widths that no machine pads', () => {
    for (const widthPx of [256, 384, 512, 640, 1280]) {
      const size = { widthPx, heightPx: 480 };
      assert.deepEqual(certainLayout(size), packedLayout('yuv420p', widthPx, 480));
    }
  });

  it('is null for widths that some machine pads', () => {
    for (const widthPx of [300, 320, 416, 800, 1080]) {
      assert.equal(certainLayout({ widthPx, heightPx: 480 }), null);
    }
  });
});

describe('layoutOfBytes', () => {
  it('tells a Pi 4 from a Pi 5', () => {
    assert.deepEqual(stridesOf(320, 240, (320 + 160) * 240), [320, 160]);
    assert.deepEqual(stridesOf(320, 240, (384 + 192) * 240), [384, 192]);
    assert.deepEqual(stridesOf(300, 300, (320 + 160) * 300), [320, 160]);
  });

  it('knows the software camera that was recorded at 300x300', () => {
    assert.deepEqual(stridesOf(300, 300, 153_600), [320, 192]);
  });

  it('is null for a length that no machine gives', () => {
    assert.equal(layoutOfBytes({ widthPx: 320, heightPx: 240 }, 100_000), null);
    assert.equal(layoutOfBytes({ widthPx: 320, heightPx: 240 }, 0), null);
  });

  it('never has two layouts of the same length to choose from', () => {
    for (let widthPx = 2; widthPx <= 4096; widthPx += 2) {
      const byLength = new Map<number, string>();
      for (const layout of possibleLayouts({ widthPx, heightPx: 2 })) {
        const known = byLength.get(frameByteLength(layout));
        assert.equal(known ?? JSON.stringify(layout), JSON.stringify(layout));
        byLength.set(frameByteLength(layout), JSON.stringify(layout));
      }
    }
  });
});

describe('configuredSize', () => {
  it('reads the size of the first stream, and nothing else', () => {
    const line =
      '[1:26:53.16] [27191]  INFO Camera camera.cpp:1216 configuring streams: (0) 640x480-YUV420/sYCC (1) 1280x720-SBGGR10_CSI2P/RAW';
    assert.deepEqual(configuredSize(line), { widthPx: 640, heightPx: 480 });
    assert.equal(configuredSize('Mode selection for 640:480:12:P(10)'), null);
  });
});
