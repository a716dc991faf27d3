import type { Figure, Label } from './figure.js';
import type { Gait } from './gait.js';

/** Where somebody is at a moment of the story. */
export interface Waypoint {
  readonly atS: number;
  readonly xPx: number;
  /** 0 (far) to 1 (near). */
  readonly depth: number;
  /** Of its lowest point over the ground, for what is carried or ridden. */
  readonly liftPx: number;
  /** From here on. */
  readonly manner: Gait['manner'];
}

/** Somebody who comes, does something and goes. */
export interface Actor {
  /** Counts all objects of the scene from 1. */
  readonly id: number;
  readonly figure: Figure;
  readonly unitPx: number;
  /** At least two, in order of time; it is there from the first to the last. */
  readonly waypoints: readonly Waypoint[];
  /** It looks this way until it moves. */
  readonly facing: 'left' | 'right';
}

/** An actor at a moment. */
export interface Placement {
  readonly xPx: number;
  readonly depth: number;
  readonly liftPx: number;
  readonly facing: 'left' | 'right';
  readonly gait: Gait;
}

/** Heights that one turn of the gait takes it forward: two steps, or a turn of the wheels. */
const CYCLE: Record<Label, number> = {
  person: 0.85,
  car: 2 * Math.PI * 0.2,
  dog: 1.3,
  cat: 1.5,
  bicycle: 2 * Math.PI * 0.33,
  parcel: 1,
};
/** Heights a second at which steps have their full length. */
const FULL_STRIDE = 0.4;

/** Where the actor is at a time of the story, or null while it is not there. */
export function placementAt(actor: Actor, timeS: number): Placement | null {
  const { waypoints, unitPx, figure } = actor;
  let distancePx = 0;
  let { facing } = actor;
  for (let i = 1; i < waypoints.length; i++) {
    const [from, to] = [waypoints[i - 1], waypoints[i]];
    if (!from || !to || timeS < from.atS) return null;
    const wayPx = to.xPx - from.xPx;
    if (wayPx !== 0) facing = wayPx < 0 ? 'left' : 'right';
    if (timeS >= to.atS) {
      distancePx += Math.abs(wayPx);
      continue;
    }
    const share = (timeS - from.atS) / (to.atS - from.atS);
    distancePx += Math.abs(wayPx) * share;
    const heightsPerS = Math.abs(wayPx) / unitPx / (to.atS - from.atS);
    const gait = {
      phase: (2 * Math.PI * distancePx) / unitPx / CYCLE[figure.label],
      stride: Math.min(1, heightsPerS / FULL_STRIDE),
      manner: from.manner,
    };
    return {
      xPx: from.xPx + wayPx * share,
      depth: from.depth + (to.depth - from.depth) * share,
      liftPx: from.liftPx + (to.liftPx - from.liftPx) * share,
      facing,
      gait,
    };
  }
  return null;
}
