import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { LABELS } from '../../src/camera/synthetic/figure.js';
import { counts, EPISODE_S, Scene, type SceneObject } from '../../src/camera/synthetic/scene.js';

const SIZE = { widthPx: 320, heightPx: 240 };

interface Moment {
  readonly digest: string;
  readonly objects: readonly SceneObject[];
}

function draw(scene: Scene, timeS: number): Moment {
  const picture = new Uint8Array(SIZE.widthPx * SIZE.heightPx * 3);
  const objects = scene.draw(timeS, picture);
  return { digest: createHash('sha256').update(picture).digest('hex'), objects };
}

/** What is to be seen in an episode, twice a second and at its very end. */
function momentsOf(scene: Scene, episode: number): (readonly SceneObject[])[] {
  const times = Array.from({ length: EPISODE_S * 2 }, (_, i) => i / 2);
  return [...times, EPISODE_S - 0.001].map(
    (timeS) => draw(scene, episode * EPISODE_S + timeS).objects,
  );
}

describe('Scene', () => {
  it('gives the same pictures and the same truth for the same seed', () => {
    for (const timeS of [5, 9.5, 40]) {
      const [one, other] = [1, 2].map(() => draw(new Scene({ seed: 5, ...SIZE }), timeS));
      assert.deepEqual(one, other);
      assert.notEqual(one?.digest, draw(new Scene({ seed: 6, ...SIZE }), timeS).digest);
    }
  });

  it('draws every moment alike, whatever was drawn before', () => {
    const times = [3, 8, 8.1, 35, 95.5];
    const scene = new Scene({ seed: 8, ...SIZE });
    const forwards = times.map((timeS) => draw(scene, timeS));
    const backwards = times.toReversed().map((timeS) => draw(scene, timeS));
    assert.deepEqual(forwards, backwards.toReversed());
  });

  it('tells stories in which every kind comes and has gone before the next episode', () => {
    const seen = new Set<string>();
    let empty = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const scene = new Scene({ seed, ...SIZE });
      const moments = momentsOf(scene, 1);
      const labels = new Map(moments.flat().map(({ id, label }) => [id, label]));
      assert.ok(moments.flat().every(({ id, label }) => labels.get(id) === label));
      for (const label of labels.values()) seen.add(label);
      if (labels.size === 0) empty += 1;
      assert.deepEqual(moments.at(-1), [], `seed ${seed}: somebody is left`);
    }
    assert.deepEqual([...seen].sort(), [...LABELS].sort());
    assert.ok(empty > 2, 'there are empty periods');
  });

  it('gives boxes inside the picture and shares that rise and fall with what hides', () => {
    const objects = Array.from({ length: 30 }, (_, i) => new Scene({ seed: i + 1, ...SIZE }))
      .flatMap((scene) => momentsOf(scene, 0))
      .flat();
    for (const { box, heightPx } of objects) {
      assert.ok(box.xMin >= 0 && box.yMin >= 0 && box.xMax <= 1 && box.yMax <= 1);
      assert.ok(box.xMax > box.xMin && box.yMax > box.yMin && heightPx > 0);
    }
    const shares = objects.map(({ visibleShare }) => visibleShare);
    assert.ok(shares.every((share) => share >= 0 && share <= 1));
    const whole = shares.filter((share) => share > 0.9).length / shares.length;
    const hidden = shares.filter((share) => share < 0.5).length / shares.length;
    assert.ok(whole > 0.5 && hidden > 0.02 && hidden < 0.4, `${whole} whole, ${hidden} hidden`);
  });
});

describe('counts', () => {
  it('asks for at least 40 px and at least half of an object', () => {
    const object: SceneObject = {
      id: 1,
      label: 'cat',
      box: { xMin: 0, yMin: 0, xMax: 0.1, yMax: 0.1 },
      heightPx: 40,
      visibleShare: 0.5,
    };
    assert.ok(counts(object));
    assert.ok(!counts({ ...object, heightPx: 39 }));
    assert.ok(!counts({ ...object, visibleShare: 0.49 }));
  });
});
