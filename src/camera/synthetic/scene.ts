import type { BoundingBox } from '../../domain/bounding-box.js';
import { type Actor, type Placement, placementAt } from './actor.js';
import { createProp, type Prop, paintBackdrop } from './backdrop.js';
import { BACKGROUND, Canvas, type Point } from './canvas.js';
import { drawFigure, type Label } from './figure.js';
import { createLight, Exposure, type Light } from './light.js';
import { Pen } from './pen.js';
import { SeededRandom } from './random.js';
import { createStage, groundPx, type Stage } from './stage.js';
import { STORYLINES } from './storylines.js';

/** Stories are told one after the other; each is over when the next begins. */
export const EPISODE_S = 30;
/** More than an episode ever has; the canvas has room for 254. */
const IDS_PER_EPISODE = 16;
/** Side of the canvas on which figures are measured, and their height on it. */
const GAUGE = { sidePx: 400, unitPx: 110 };
const NOTHING = new Uint8Array(GAUGE.sidePx * GAUGE.sidePx * 3);

/** An object that is at least partly in the picture. */
export interface SceneObject {
  /** The same for one object from its coming to its leaving; counts from 1. */
  readonly id: number;
  readonly label: Label;
  /** Around all of it that is in the picture, hidden parts included. */
  readonly box: BoundingBox;
  /** Height of that box. */
  readonly heightPx: number;
  /** How much of all of it is in the picture and not hidden, 0..1. */
  readonly visibleShare: number;
}

/** Smallest height, and smallest visible share, of an object that a detector is asked to see. */
export const COUNTS_FROM = { heightPx: 40, visibleShare: 0.5 } as const;

/** Whether the object is to be seen; smaller or more hidden ones are neither demanded nor false. */
export function counts({ heightPx, visibleShare }: SceneObject): boolean {
  return heightPx >= COUNTS_FROM.heightPx && visibleShare >= COUNTS_FROM.visibleShare;
}

export interface SceneOptions {
  readonly seed: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/**
 * A place where something happens: the same seed gives the same place and the same stories. Every
 * moment can be drawn by itself, in any order.
 */
export class Scene {
  readonly #seed: number;
  readonly #stage: Stage;
  readonly #canvas: Canvas;
  readonly #backdrop: Uint8Array;
  readonly #props: readonly Prop[];
  readonly #exposure: Exposure;
  readonly #gauge = new Canvas(GAUGE.sidePx, GAUGE.sidePx);
  #episode: Episode | null = null;

  constructor({ seed, widthPx, heightPx }: SceneOptions) {
    const random = new SeededRandom(seed, 1);
    this.#seed = seed;
    this.#stage = createStage(random, widthPx, heightPx);
    this.#canvas = new Canvas(widthPx, heightPx);
    paintBackdrop(this.#canvas, this.#stage, random);
    this.#backdrop = this.#canvas.pixels.slice();
    this.#props = random.chance(0.5) ? [createProp(this.#stage, random)] : [];
    this.#exposure = new Exposure(widthPx, heightPx, random);
  }

  /**
   * Draws a moment.
   * @param picture takes rgb24 without padding.
   * @returns what is in it, whoever came first first.
   */
  draw(timeS: number, picture: Uint8Array): SceneObject[] {
    const index = Math.floor(timeS / EPISODE_S);
    if (this.#episode?.index !== index) this.#episode = this.#tell(index);
    const { cast, light } = this.#episode;
    this.#canvas.begin(this.#backdrop);
    const objects = this.#drawCast(cast, timeS - index * EPISODE_S);
    const clamped = new Uint8ClampedArray(picture.buffer, picture.byteOffset, picture.byteLength);
    const noiseAt = new SeededRandom(this.#seed, 2, Math.round(timeS * 1000)).whole(1 << 16);
    this.#exposure.expose(this.#canvas.pixels, clamped, light, { timeS, noiseAt });
    return objects;
  }

  #drawCast(cast: readonly Member[], timeS: number): SceneObject[] {
    const present = cast.flatMap((member) => {
      const placement = placementAt(member.actor, timeS);
      return placement === null ? [] : [{ ...member, placement }];
    });
    const layers = [
      ...present.map((member) => ({
        depth: member.placement.depth,
        draw: () => this.#drawActor(member.actor, member.placement, member.owner),
      })),
      ...this.#props.map(({ depth, draw }) => ({ depth, draw: () => draw(this.#canvas) })),
    ].sort((a, b) => a.depth - b.depth);
    for (const { draw } of layers) draw();
    return present.flatMap(({ actor, owner, areaUnits }) => this.#truthOf(actor, owner, areaUnits));
  }

  #drawActor({ figure, unitPx }: Actor, placement: Placement, owner: number): void {
    const { xPx, liftPx, facing, depth, gait } = placement;
    const yPx = groundPx(this.#stage, depth);
    if (liftPx === 0) {
      const shadow = flatDisc(xPx, yPx, unitPx * (figure.label === 'person' ? 0.25 : 0.6));
      this.#canvas.fill([shadow], [0, 0, 0], BACKGROUND, 0.3);
    }
    const pen = new Pen(this.#canvas, { xPx, yPx: yPx - liftPx, unitPx, facing }, owner);
    drawFigure(figure, pen, gait);
  }

  #truthOf({ id, figure, unitPx }: Actor, owner: number, areaUnits: number): SceneObject[] {
    const coverage = this.#canvas.coverageOf(owner);
    if (coverage === null) return [];
    const { box, visiblePx } = coverage;
    const { widthPx, heightPx } = this.#canvas;
    return [
      {
        id,
        label: figure.label,
        box: {
          xMin: box.left / widthPx,
          yMin: box.top / heightPx,
          xMax: box.right / widthPx,
          yMax: box.bottom / heightPx,
        },
        heightPx: box.bottom - box.top,
        visibleShare: Math.min(1, visiblePx / (areaUnits * unitPx * unitPx)),
      },
    ];
  }

  /** Casts the stories of an episode: at most two, in lanes of their own, and sometimes none. */
  #tell(index: number): Episode {
    const random = new SeededRandom(this.#seed, 3, index);
    const light = createLight(random);
    const actors: Actor[] = [];
    const firstId = index * IDS_PER_EPISODE + 1;
    const nextId = (): number => firstId + ids++;
    let ids = 0;
    const stories = random.pick([0, 1, 1, 1, 2, 2, 2, 2]);
    for (let story = 0; story < stories; story++) {
      const lane = stories === 1 ? random.next() : (story + random.between(0.1, 0.7)) / 2;
      const depth = Math.min(0.97, lane);
      const hidePx = this.#props.find((prop) => prop.depth > depth + 0.05)?.xPx ?? null;
      const beginS = random.between(0.5, 4) + story * random.between(0, 5);
      const tell = random.pick(STORYLINES);
      actors.push(...tell({ random, stage: this.#stage, nextId, depth, beginS, hidePx }));
    }
    const cast = actors.map((actor, i) => ({
      actor,
      owner: i + 1,
      areaUnits: this.#areaOf(actor),
    }));
    return { index, light, cast };
  }

  /** Area of a figure that is seen whole, in squares of its height. */
  #areaOf({ figure, waypoints }: Actor): number {
    const { sidePx, unitPx } = GAUGE;
    this.#gauge.begin(NOTHING);
    const stance = { xPx: sidePx / 2, yPx: sidePx - 20, unitPx, facing: 'right' } as const;
    const manner = waypoints[0]?.manner ?? 'plain';
    drawFigure(figure, new Pen(this.#gauge, stance, 1), { phase: 0, stride: 0.5, manner });
    return (this.#gauge.coverageOf(1)?.drawnPx ?? 1) / (unitPx * unitPx);
  }
}

interface Member {
  readonly actor: Actor;
  /** On the canvas. */
  readonly owner: number;
  readonly areaUnits: number;
}

interface Episode {
  readonly index: number;
  readonly light: Light;
  readonly cast: readonly Member[];
}

function flatDisc(x: number, y: number, radius: number): Point[] {
  return Array.from({ length: 20 }, (_, i): Point => {
    const angle = (2 * Math.PI * i) / 20;
    return [x + radius * Math.cos(angle), y + radius * 0.12 * Math.sin(angle)];
  });
}
