import type { Actor, Waypoint } from './actor.js';
import { createFigure, type Figure, type Label, RELATIVE_HEIGHT } from './figure.js';
import type { SeededRandom } from './random.js';
import { personHeightPx, type Stage } from './stage.js';

/** What a story is told with. */
export interface Telling {
  readonly random: SeededRandom;
  readonly stage: Stage;
  /** Gives each object its number. */
  readonly nextId: () => number;
  /** Where and when it happens. */
  readonly depth: number;
  readonly beginS: number;
  /** Where one can stand behind something; null where there is nothing. */
  readonly hidePx: number | null;
}

type Storyline = (telling: Telling) => readonly Actor[];

/** Half of a figure's greatest width, in its heights. */
const HALF_WIDTH: Record<Label, number> = {
  person: 0.3,
  car: 1.6,
  dog: 0.95,
  cat: 1,
  bicycle: 1,
  parcel: 0.95,
};

/** Things that happen, each as likely as the others; what is over soon is there twice. */
export const STORYLINES: readonly [Storyline, ...Storyline[]] = [
  (telling) => [walker(telling, 'person')],
  (telling) => [walker(telling, 'dog')],
  (telling) => [walker(telling, 'cat')],
  dogWalk,
  driveBy,
  driveBy,
  cyclist,
  cyclist,
  delivery,
];

/** Comes in at one side, may stop, and leaves at the other side or at the same. */
function walker(telling: Telling, label: 'person' | 'dog' | 'cat'): Actor {
  const { random, stage, hidePx, beginS } = telling;
  const cast = castOf(telling, label);
  const walk = new Walk(telling, cast, beginS);
  const isHiding = hidePx !== null && random.chance(0.4);
  const stopPx = isHiding ? hidePx : random.between(0.2, 0.8) * stage.widthPx;
  if (isHiding || random.chance(0.7)) {
    walk.to(stopPx);
    walk.pause(isHiding ? random.between(0.3, 0.8) : random.between(1.5, 5));
  }
  if (random.chance(0.25)) walk.back();
  else walk.through();
  return cast.actor(walk.waypoints);
}

function dogWalk(telling: Telling): readonly Actor[] {
  const { random, beginS } = telling;
  const person = castOf(telling, 'person');
  const dog = castOf(telling, 'dog', person);
  const ahead = random.between(0.75, 0.95) * person.unitPx;
  const walk = new Walk(telling, person, beginS, { roomPx: ahead + dog.halfPx });
  if (random.chance(0.5)) {
    walk.to(random.between(0.3, 0.7) * telling.stage.widthPx);
    walk.pause(random.between(1.5, 4));
  }
  walk.through();
  const dogs = walk.waypoints.map((way) => ({
    ...way,
    xPx: way.xPx + person.sign * ahead,
    depth: way.depth + 0.02,
  }));
  return [person.actor(walk.waypoints), dog.actor(dogs)];
}

function driveBy(telling: Telling): readonly Actor[] {
  const { random, stage, beginS } = telling;
  const car = castOf(telling, 'car');
  const walk = new Walk(telling, car, beginS, { speed: random.between(0.9, 1.6) });
  if (random.chance(0.6)) {
    walk.to(random.between(0.3, 0.7) * stage.widthPx);
    walk.pause(random.between(3, 7));
  }
  walk.through();
  return [car.actor(walk.waypoints)];
}

function cyclist(telling: Telling): readonly Actor[] {
  const { random, stage, beginS } = telling;
  const bicycle = castOf(telling, 'bicycle');
  const rider = castOf(telling, 'person', bicycle);
  const walk = new Walk(telling, bicycle, beginS, { speed: random.between(0.7, 1.3) });
  if (random.chance(0.6)) {
    walk.to(random.between(0.25, 0.75) * stage.widthPx);
    walk.pause(random.between(2, 6));
  }
  walk.through();
  const riders = walk.waypoints.map((way) => ({
    ...way,
    xPx: way.xPx - bicycle.sign * 0.12 * bicycle.unitPx,
    depth: way.depth + 0.01,
    liftPx: 0.2 * bicycle.unitPx,
    manner: 'ride' as const,
  }));
  return [bicycle.actor(walk.waypoints), rider.actor(riders)];
}

/** Somebody brings a parcel and leaves it; somebody else fetches it. */
function delivery(telling: Telling): readonly Actor[] {
  const { random, stage, beginS } = telling;
  const bringer = castOf(telling, 'person');
  const fetcher = castOf(telling, 'person');
  const parcel = castOf(telling, 'parcel', bringer);
  const placePx = random.between(0.3, 0.7) * stage.widthPx;
  const pace = { speed: 0.45, roomPx: 0.32 * bringer.unitPx + parcel.halfPx };
  const bring = new Walk(telling, bringer, beginS, { ...pace, manner: 'carry' });
  bring.to(placePx - bringer.sign * 0.5 * bringer.unitPx);
  bring.pause(1.2);
  const isDownS = bring.endS;
  bring.manner('plain');
  bring.back();
  const fetch = new Walk(telling, fetcher, bring.endS + random.between(1, 3), pace);
  fetch.to(placePx - fetcher.sign * 0.5 * fetcher.unitPx);
  fetch.pause(1.2);
  const isUpS = fetch.endS;
  fetch.manner('carry');
  fetch.back();
  const carried = (way: Waypoint, sign: number, unitPx: number): Waypoint => ({
    ...way,
    xPx: way.xPx + sign * 0.32 * unitPx,
    depth: way.depth + 0.03,
    liftPx: 0.46 * unitPx,
  });
  const depth = telling.depth + 0.03;
  const onGround = { xPx: placePx, depth, liftPx: 0, manner: 'plain' as const };
  const way: Waypoint[] = [
    ...bring.waypoints
      .filter(({ atS }) => atS < isDownS)
      .map((at) => carried(at, bringer.sign, bringer.unitPx)),
    { ...onGround, atS: isDownS },
    { ...onGround, atS: isUpS - 1.2 },
    ...fetch.waypoints
      .filter(({ atS }) => atS >= isUpS)
      .map((at) => carried(at, -fetcher.sign, fetcher.unitPx)),
  ];
  return [bringer.actor(bring.waypoints), fetcher.actor(fetch.waypoints), parcel.actor(way)];
}

/** Somebody before the way is known. */
interface Cast {
  readonly unitPx: number;
  readonly halfPx: number;
  /** 1: comes in from the left and looks to the right. */
  readonly sign: 1 | -1;
  actor(waypoints: readonly Waypoint[]): Actor;
}

function castOf(telling: Telling, label: Label, companion?: Cast): Cast {
  const { random, stage, depth } = telling;
  const id = telling.nextId();
  const figure: Figure = createFigure(label, random);
  const isRider = label === 'person' && companion !== undefined;
  const size = isRider ? 0.9 : RELATIVE_HEIGHT[label];
  const unitPx = personHeightPx(stage, depth) * size * random.between(0.92, 1.08);
  const sign = companion?.sign ?? (random.chance(0.5) ? 1 : -1);
  const facing = sign === 1 ? 'right' : 'left';
  return {
    unitPx,
    halfPx: Math.max(HALF_WIDTH[label] * unitPx, companion?.halfPx ?? 0),
    sign,
    actor: (waypoints) => ({ id, figure, unitPx, waypoints, facing }),
  };
}

interface Pace {
  /** In persons' heights a second; left to chance unless given. */
  readonly speed?: number;
  readonly manner?: Waypoint['manner'];
  /** Outside of the picture, for what goes along. */
  readonly roomPx?: number;
}

/** A way that grows leg by leg. */
class Walk {
  readonly waypoints: Waypoint[] = [];
  readonly #outsidePx: readonly [near: number, far: number];
  readonly #pxPerS: number;
  #manner: Waypoint['manner'];
  #x: number;
  #endS: number;
  readonly #depth: number;

  constructor({ random, stage, depth }: Telling, cast: Cast, beginS: number, pace: Pace = {}) {
    const heightsPerS = pace.speed ?? random.between(0.32, 0.6);
    const marginPx = cast.halfPx + 8 + (pace.roomPx ?? 0);
    const [left, right] = [-marginPx, stage.widthPx + marginPx];
    this.#outsidePx = cast.sign === 1 ? [left, right] : [right, left];
    this.#pxPerS = heightsPerS * personHeightPx(stage, depth);
    this.#manner = pace.manner ?? 'plain';
    this.#depth = depth;
    this.#x = this.#outsidePx[0];
    this.#endS = beginS;
    this.#add();
  }

  get endS(): number {
    return this.#endS;
  }

  to(xPx: number): void {
    this.#endS += Math.abs(xPx - this.#x) / this.#pxPerS;
    this.#x = xPx;
    this.#add();
  }

  pause(seconds: number): void {
    this.#endS += seconds;
    this.#add();
  }

  /** From now on. */
  manner(manner: Waypoint['manner']): void {
    this.#manner = manner;
    this.waypoints.pop();
    this.#add();
  }

  through(): void {
    this.to(this.#outsidePx[1]);
  }

  back(): void {
    this.to(this.#outsidePx[0]);
  }

  #add(): void {
    this.waypoints.push({
      atS: this.#endS,
      xPx: this.#x,
      depth: this.#depth,
      liftPx: 0,
      manner: this.#manner,
    });
  }
}
