import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Frame } from '../../src/domain/frame.js';
import { MotionDetector, type MotionReading } from '../../src/motion/motion-detector.js';
import { makeFrame } from '../helpers/frames.js';
import { look } from '../helpers/motion-look.js';
import { seededRandom } from '../helpers/seeded-random.js';

const SIZE = { widthPx: 160, heightPx: 120 };
const FRAME_MS = 100;
const OPTIONS = { threshold: 10, minArea: 0.002 };

/** Brightness at a place. */
type Painter = (x: number, y: number) => number;

const wall: Painter = (x, y) => 60 + ((x >> 4) + (y >> 4)) * 8;

/** The scene with a bright square of 16 pixels at a place. */
function withSquare(left: number, scene = wall): Painter {
  return (x, y) => (x >= left && x < left + 16 && y >= 40 && y < 56 ? 220 : scene(x, y));
}

/** Looks at painted frames with the noise of a sensor, 10 a second. */
class Camera {
  readonly detector = new MotionDetector(OPTIONS);
  readonly #random = seededRandom(7);
  #nowMs = 0;

  frame(paint: Painter, size = SIZE): Frame {
    const frame = makeFrame({ pixelFormat: 'yuv420p', ...size });
    for (let y = 0; y < size.heightPx; y++) {
      for (let x = 0; x < size.widthPx; x++) {
        // Roughly normal, with a standard deviation of 3.
        const noise = (this.#random() + this.#random() + this.#random() - 1.5) * 6;
        frame.data[y * size.widthPx + x] = Math.max(0, Math.min(255, paint(x, y) + noise));
      }
    }
    return frame;
  }

  show(paint: Painter, size = SIZE): MotionReading {
    this.#nowMs += FRAME_MS;
    return look(this.detector, { ...this.frame(paint, size), monotonicMs: this.#nowMs });
  }

  /** What is read of so many frames, each kind once. */
  watch(frames: number, paintAt: (frame: number) => Painter): MotionReading[] {
    return [...new Set(Array.from({ length: frames }, (_, frame) => this.show(paintAt(frame))))];
  }
}

/** A camera that knows the wall. */
function settledCamera(): Camera {
  const camera = new Camera();
  camera.watch(40, () => wall);
  return camera;
}

describe('MotionDetector', () => {
  it('cannot tell before it knows the background, then sees that all is still', () => {
    const camera = new Camera();
    assert.equal(camera.show(wall), 'learning');
    assert.deepEqual(
      camera.watch(18, () => wall),
      ['learning'],
    );
    assert.deepEqual(
      camera.watch(60, () => wall),
      ['learning', 'still'],
    );
    assert.deepEqual(
      camera.watch(200, () => wall),
      ['still'],
    );
  });

  it('sees with the first frame that something is there', () => {
    const camera = settledCamera();
    assert.equal(camera.show(withSquare(20)), 'moving');
    assert.deepEqual(
      camera.watch(30, (frame) => withSquare(20 + frame * 2)),
      ['moving'],
    );
  });

  it('says still again soon after what moved is gone', () => {
    const camera = settledCamera();
    camera.watch(30, (frame) => withSquare(20 + frame * 2));
    camera.watch(20, () => wall);
    assert.deepEqual(
      camera.watch(50, () => wall),
      ['still'],
    );
  });

  it('takes what has been put down for the background after some seconds', () => {
    const camera = settledCamera();
    assert.deepEqual(
      camera.watch(35, () => withSquare(60)),
      ['moving'],
    );
    camera.watch(15, () => withSquare(60));
    assert.deepEqual(
      camera.watch(50, () => withSquare(60)),
      ['still'],
    );
    // And it is seen when it is taken away.
    assert.equal(camera.show(wall), 'moving');
  });

  it('sees no motion in light that changes slowly', () => {
    const camera = settledCamera();
    const dimmed =
      (frame: number): Painter =>
      (x, y) =>
        wall(x, y) * (1 - 0.004 * frame);
    assert.deepEqual(camera.watch(150, dimmed), ['still']);
  });

  for (const [name, light] of [
    ['a lamp', (x: number, y: number) => 1.6 * wall(x, y) + 20],
    ['darkness', (x: number, y: number) => 0.3 * wall(x, y)],
  ] as const) {
    it(`sees no motion in ${name} all at once, and motion in it after that`, () => {
      const camera = settledCamera();
      assert.equal(camera.show(light), 'learning');
      const seen = camera.watch(60, () => light);
      assert.deepEqual(seen, ['learning', 'still']);
      assert.equal(camera.show(withSquare(60, light)), 'moving');
    });
  }

  it('sees one who comes so near that most of the picture changes', () => {
    const camera = settledCamera();
    const nearer =
      (frame: number): Painter =>
      (x, y) =>
        x < frame * 4 + 8 ? 220 - ((y + frame * 7) % 40) : wall(x, y);
    assert.deepEqual(camera.watch(36, nearer), ['moving']);
  });

  it('gets used to what flickers for good', () => {
    const camera = settledCamera();
    const flag = (frame: number): Painter => (frame % 3 === 0 ? wall : flutter);
    const flutter: Painter = (x, y) => wall(x, y) + (x > 100 && y < 40 ? 16 : 0);
    assert.ok(camera.watch(10, flag).includes('moving'));
    camera.watch(300, flag);
    assert.deepEqual(camera.watch(60, flag), ['still']);
    assert.equal(camera.show(withSquare(20)), 'moving');
  });

  it('sees nothing in what is too small or too faint', () => {
    const camera = settledCamera();
    const speck: Painter = (x, y) => (x === 80 && y === 60 ? 255 : wall(x, y));
    const shade: Painter = (x, y) => wall(x, y) - (x > 40 && x < 80 ? 5 : 0);
    assert.deepEqual(
      camera.watch(10, () => speck),
      ['still'],
    );
    assert.deepEqual(
      camera.watch(10, () => shade),
      ['still'],
    );
  });

  it('learns anew after a reset, from frames of another size, and on another clock', () => {
    const camera = settledCamera();
    camera.detector.reset();
    assert.equal(camera.show(wall), 'learning');
    assert.deepEqual(
      camera.watch(40, () => wall),
      ['learning', 'still'],
    );
    const larger = { widthPx: 320, heightPx: 240 };
    assert.equal(camera.show(wall, larger), 'learning');
    for (let frame = 0; frame < 40; frame++) camera.show(wall, larger);
    assert.equal(camera.show(wall, larger), 'still');
    const earlier = { ...camera.frame(wall, larger), monotonicMs: 0 };
    assert.equal(look(camera.detector, earlier), 'learning');
  });
});
