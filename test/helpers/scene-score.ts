import { counts, type SceneObject } from '../../src/camera/synthetic/scene.js';
import { type BoundingBox, intersectionOverUnion } from '../../src/domain/bounding-box.js';
import type { Track } from '../../src/domain/track.js';
import type { TrackEvent } from '../../src/domain/track-event.js';

/** An object that is seen for less need not be told. */
const DEMANDED_AFTER_S = 2;
const SAMPLE_EVERY_S = 0.5;
/** Overlap with an object's box of what is to be about it. */
const SAME = 0.3;

interface Life {
  readonly label: string;
  visibleS: number;
  readonly starts: Set<number>;
  readonly ends: Set<number>;
}

/** How what was told compares with what there was. */
export interface SceneScore {
  /** Objects that were to be told, and those that got exactly one start and one end. */
  readonly demanded: number;
  readonly right: number;
  readonly events: number;
  readonly falseEvents: number;
  /** Twice a second: whether all numbers of objects were right. */
  readonly samples: number;
  readonly rightSamples: number;
  /** What was wrong, in words. */
  readonly faults: readonly string[];
}

/** Follows a scene frame by frame, with its truth and what is told of it. */
export class SceneJudge {
  readonly #frameS: number;
  readonly #lives = new Map<number, Life>();
  readonly #objectOfTrack = new Map<number, number>();
  readonly #faults: string[] = [];
  #events = 0;
  #falseEvents = 0;
  #samples = 0;
  #rightSamples = 0;
  #nextSampleS = 0;

  constructor(fps: number) {
    this.#frameS = 1 / fps;
  }

  /** Takes one frame: what is in it, the tracks after it and the events that it brought. */
  judge(
    timeS: number,
    objects: readonly SceneObject[],
    tracks: readonly Track[],
    events: readonly TrackEvent[],
  ): void {
    for (const object of objects) {
      const life = this.#lifeOf(object);
      if (counts(object)) life.visibleS += this.#frameS;
    }
    for (const event of events) this.#judgeEvent(timeS, objects, event);
    if (timeS < this.#nextSampleS) return;
    this.#nextSampleS += SAMPLE_EVERY_S;
    this.#samples += 1;
    if (areNumbersRight(objects, tracks)) this.#rightSamples += 1;
  }

  score(): SceneScore {
    const demanded = [...this.#lives].filter(([, { visibleS }]) => visibleS >= DEMANDED_AFTER_S);
    const wrong = demanded.filter(([, { starts, ends }]) => starts.size !== 1 || ends.size !== 1);
    for (const [id, { label, starts, ends, visibleS }] of wrong) {
      this.#faults.push(
        `${label} ${id}, visible for ${visibleS.toFixed(1)} s: ${starts.size} start, ${ends.size} end`,
      );
    }
    return {
      demanded: demanded.length,
      right: demanded.length - wrong.length,
      events: this.#events,
      falseEvents: this.#falseEvents,
      samples: this.#samples,
      rightSamples: this.#rightSamples,
      faults: this.#faults,
    };
  }

  #lifeOf({ id, label }: SceneObject): Life {
    const known = this.#lives.get(id);
    if (known) return known;
    const made: Life = { label, visibleS: 0, starts: new Set(), ends: new Set() };
    this.#lives.set(id, made);
    return made;
  }

  #judgeEvent(timeS: number, objects: readonly SceneObject[], { phase, track }: TrackEvent): void {
    this.#events += 1;
    if (phase !== 'end') {
      const object = nearest(track.label, track.box, objects);
      if (object === null) {
        this.#falseEvents += 1;
        this.#faults.push(`${timeS.toFixed(1)} s: false ${phase} of ${track.label} ${track.id}`);
        return;
      }
      if (phase === 'start') this.#objectOfTrack.set(track.id, object.id);
    }
    // An end is told when the object is no longer there: it belongs where its start did.
    const life = this.#lives.get(this.#objectOfTrack.get(track.id) ?? -1);
    if (phase === 'start') life?.starts.add(track.id);
    if (phase === 'end') life?.ends.add(track.id);
  }
}

function nearest(
  label: string,
  box: BoundingBox,
  objects: readonly SceneObject[],
): SceneObject | null {
  let best: SceneObject | null = null;
  let most = SAME;
  for (const object of objects) {
    const overlap = object.label === label ? intersectionOverUnion(box, object.box) : 0;
    if (overlap < most) continue;
    best = object;
    most = overlap;
  }
  return best;
}

/** Of each kind at least those that count, and no more than there are. */
function areNumbersRight(objects: readonly SceneObject[], tracks: readonly Track[]): boolean {
  const told = tracks.filter(({ state }) => state !== 'tentative');
  const labels = new Set([...objects, ...told].map(({ label }) => label));
  return [...labels].every((label) => {
    const present = objects.filter((object) => object.label === label);
    const number = told.filter((track) => track.label === label).length;
    return number >= present.filter(counts).length && number <= present.length;
  });
}
