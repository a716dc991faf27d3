import type { Frame } from '../domain/frame.js';
import { Background } from './background.js';
import { LargestPiece } from './largest-piece.js';
import { LumaGrid } from './luma-grid.js';

/** How long the background is learned: at least, and at most where the picture finds no rest. */
const LEARN_MS = 2_000;
const LEARN_FRAMES = 5;
const LEARN_AT_MOST_MS = 10_000;
/** Part of the picture: so much at once is the light, and less than that is rest. */
const LIGHT_SHARE = 0.5;
const REST_SHARE = 0.1;
/** From rest to another light at most; whoever comes near takes longer. */
const AT_ONCE_MS = 1_000;
/** After a longer gap the background is another one. */
const MAX_GAP_MS = 30_000;

export interface MotionOptions {
  /** Grey levels, of 255, by which a part of the picture has to change. */
  readonly threshold: number;
  /** Part of the picture, 0..1, that has to change in one piece. */
  readonly minArea: number;
}

/** What a frame shows; while the background is learned nobody can tell. */
export type MotionReading = 'still' | 'moving' | 'learning';

/**
 * Says of each frame whether something moves. A sudden change of most of the picture is taken for
 * one of the light, after which the background is learned anew. The clock is the frames' own.
 * Nothing is allocated as long as frames have the same layout.
 */
export class MotionDetector {
  readonly #options: MotionOptions;
  #view: View | null = null;
  #lastMs = 0;
  #elapsedMs = 0;
  /** When little was changed last. */
  #restMs = 0;
  #wasAtRest = false;
  #learning: Learning | null = null;

  constructor(options: MotionOptions) {
    this.#options = options;
  }

  /** Learns the background anew from the next frame on. */
  reset(): void {
    this.#view = null;
  }

  /** Takes the next frame, and keeps nothing of its data. To be followed by `judge`. */
  see(frame: Frame): void {
    const nowMs = frame.monotonicMs;
    this.#elapsedMs = nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    // A clock that runs backwards is another clock.
    const isOtherTime = this.#elapsedMs < 0 || this.#elapsedMs > MAX_GAP_MS;
    if (isOtherTime || !this.#view?.grid.fits(frame)) this.#view = viewOf(frame);
    this.#view.grid.read(frame);
  }

  /** What the frame shows that was seen last; to be asked once for each. */
  judge(): MotionReading {
    const view = this.#view;
    const nowMs = this.#lastMs;
    if (view === null) return 'learning';
    if (view.isNew) return this.#learnAnew(view, nowMs);
    const { grid, background, changed, piece } = view;
    const count = background.compare(grid.cells, this.#options.threshold, changed);
    const share = count / changed.length;
    if (this.#learning !== null) {
      background.learnQuickly(grid.cells, this.#elapsedMs);
      return this.#goOnLearning(this.#learning, share, nowMs);
    }
    if (this.#isLight(share, nowMs)) return this.#learnAnew(view, nowMs);
    background.learn(grid.cells, changed, this.#elapsedMs);
    return piece.take(changed) >= this.#options.minArea * changed.length ? 'moving' : 'still';
  }

  #learnAnew(view: View, nowMs: number): MotionReading {
    view.isNew = false;
    view.background.begin(view.grid.cells);
    this.#learning = { sinceMs: nowMs, frames: 0 };
    return 'learning';
  }

  #goOnLearning(learning: Learning, share: number, nowMs: number): MotionReading {
    learning.frames += 1;
    const tookMs = nowMs - learning.sinceMs;
    const isEnough = tookMs >= LEARN_MS && learning.frames >= LEARN_FRAMES;
    if (isEnough && (share < REST_SHARE || tookMs >= LEARN_AT_MOST_MS)) {
      this.#learning = null;
      this.#wasAtRest = share < REST_SHARE;
      this.#restMs = nowMs;
    }
    return 'learning';
  }

  /** To be asked once a frame. */
  #isLight(share: number, nowMs: number): boolean {
    // The frame before counts as at once, however long ago it was.
    const isAtOnce = this.#wasAtRest || nowMs - this.#restMs <= AT_ONCE_MS;
    this.#wasAtRest = share < REST_SHARE;
    if (this.#wasAtRest) this.#restMs = nowMs;
    return share > LIGHT_SHARE && isAtOnce;
  }
}

interface Learning {
  readonly sinceMs: number;
  frames: number;
}

/** What belongs to frames of one layout. */
interface View {
  /** Nothing is known of the background. */
  isNew: boolean;
  readonly grid: LumaGrid;
  readonly background: Background;
  readonly changed: Uint8Array;
  readonly piece: LargestPiece;
}

function viewOf(frame: Frame): View {
  const grid = new LumaGrid(frame);
  const { columns, rows } = grid;
  const cells = columns * rows;
  return {
    isNew: true,
    grid,
    background: new Background(cells),
    changed: new Uint8Array(cells),
    piece: new LargestPiece(columns, rows),
  };
}
