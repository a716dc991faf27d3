import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LumaGrid } from '../../src/motion/luma-grid.js';
import { makeFrame, plainFrame } from '../helpers/frames.js';

describe('LumaGrid', () => {
  for (const [widthPx, heightPx, columns, rows] of [
    [640, 480, 64, 48],
    [720, 1280, 36, 64],
    [64, 48, 64, 48],
    [2, 2, 64, 64],
  ] as const) {
    it(`has ${columns}×${rows} cells for a picture of ${widthPx}×${heightPx}`, () => {
      const frame = plainFrame('yuv420p', widthPx, heightPx, [77, 0, 255]);
      const grid = new LumaGrid(frame);
      grid.read(frame);
      assert.deepEqual([grid.columns, grid.rows], [columns, rows]);
      assert.equal(grid.cells.length, columns * rows);
      assert.ok(grid.cells.every((cell) => cell === 77));
    });
  }

  it('reads colours as brightness', () => {
    const frame = plainFrame('rgb24', 320, 240, [40, 100, 200]);
    const grid = new LumaGrid(frame);
    grid.read(frame);
    assert.ok(grid.cells.every((cell) => cell === (40 + 2 * 100 + 200) / 4));
  });

  it('reads nothing of the padding between rows', () => {
    const packed = plainFrame('yuv420p', 64, 48, [50, 0, 0]);
    const data = new Uint8Array(96 * 48 + 2 * 48 * 24).fill(255);
    for (let row = 0; row < 48; row++) data.fill(50, row * 96, row * 96 + 64);
    const frame = { ...packed, strideBytes: 96, chromaStrideBytes: 48, data };
    const grid = new LumaGrid(frame);
    grid.read(frame);
    assert.ok(grid.cells.every((cell) => cell === 50));
  });

  it('has what is in the picture where it is', () => {
    const frame = makeFrame({ pixelFormat: 'yuv420p', widthPx: 640, heightPx: 480 });
    for (let row = 200; row < 210; row++) {
      frame.data.fill(160, row * 640 + 300, row * 640 + 310);
    }
    const grid = new LumaGrid(frame);
    grid.read(frame);
    grid.read(frame);
    const bright = [...grid.cells.entries()].filter(([, cell]) => cell > 0);
    assert.deepEqual(bright, [[20 * 64 + 30, 160]]);
  });

  it('reads nothing beyond a frame that is too short', () => {
    const frame = makeFrame({ pixelFormat: 'yuv420p', widthPx: 64, heightPx: 48 });
    const short = { ...frame, data: frame.data.subarray(0, 47 * 64) };
    assert.throws(() => new LumaGrid(frame).read(short), /samples or cells do not fit the data/);
  });

  it('fits frames of the same layout alone', () => {
    const frame = makeFrame({ pixelFormat: 'yuv420p', widthPx: 64, heightPx: 48 });
    const grid = new LumaGrid(frame);
    assert.ok(grid.fits(makeFrame({ pixelFormat: 'yuv420p', widthPx: 64, heightPx: 48 })));
    assert.ok(!grid.fits(makeFrame({ pixelFormat: 'yuv420p', widthPx: 48, heightPx: 64 })));
    assert.ok(!grid.fits(makeFrame({ pixelFormat: 'rgb24', widthPx: 64, heightPx: 48 })));
    assert.ok(!grid.fits({ ...frame, strideBytes: 128 }));
  });
});
