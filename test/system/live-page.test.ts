import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { Scene, type SceneObject } from '../../src/camera/synthetic/scene.js';
import { type BoundingBox, intersectionOverUnion } from '../../src/domain/bounding-box.js';
import { noBrowser, startBrowser } from '../helpers/browser.js';
import { BUNDLED_MODEL } from '../helpers/bundled-model.js';
import { DaemonProcess } from '../helpers/daemon-process.js';

const SEED = 2;
const FPS = 15;
const SIZE = { widthPx: 640, heightPx: 480 };
const SCREENS = {
  desktop: { width: 1280, height: 800 },
  phone: { width: 360, height: 740 },
} as const;
/** Where screenshots go, for people to look at. */
const SHOTS = process.env.LOOKOUT_TEST_SHOTS;

/** A box as the page has drawn it, in fractions of the picture under it. */
interface DrawnBox {
  readonly picture: number;
  readonly text: string;
  readonly box: BoundingBox;
}

function startDaemon(
  keys: Readonly<Record<string, string | number | boolean>> = {},
): DaemonProcess {
  return DaemonProcess.start({
    'camera.source': 'synthetic',
    'camera.seed': SEED,
    'camera.fps': FPS,
    'model.file': BUNDLED_MODEL,
    engine: 'tfjs',
    'mqtt.url': 'mqtt://127.0.0.1:1',
    'http.enabled': true,
    'http.port': 0,
    zones: 'path 0,0.6 1,0.6 1,1 0,1',
    ...keys,
  });
}

async function addressOf(daemon: DaemonProcess): Promise<string> {
  return String((await daemon.logged('The live page is there')).fields?.url);
}

/** Runs in the page, which changes five times a second: everything is read at one moment. */
const READ_BOXES = `(() => {
  const picture = document.querySelector('#picture');
  const around = picture.getBoundingClientRect();
  return [...document.querySelectorAll('#boxes g')].map((group) => {
    const drawn = group.querySelector('rect').getBoundingClientRect();
    return {
      picture: Number(/picture\\/(\\d+)\\.jpg/.exec(picture.src)?.[1]),
      text: group.querySelector('text').textContent,
      box: {
        xMin: (drawn.left - around.left) / around.width,
        yMin: (drawn.top - around.top) / around.height,
        xMax: (drawn.right - around.left) / around.width,
        yMax: (drawn.bottom - around.top) / around.height,
      },
    };
  });
})()`;

/** What is to be seen in a frame. */
function truthOf(scene: Scene, sequence: number): SceneObject[] {
  return scene.draw(sequence / FPS, new Uint8Array(SIZE.widthPx * SIZE.heightPx * 3));
}

describe('the live page', { skip: noBrowser }, () => {
  let browser: Browser;
  before(async () => {
    browser = await startBrowser();
  });
  after(async () => {
    await browser.close();
  });

  for (const [name, viewport] of Object.entries(SCREENS)) {
    it(`shows on a ${name} what there is, the boxes where the figures are`, {
      timeout: 90_000,
    }, async () => {
      await using daemon = startDaemon();
      const url = await addressOf(daemon);
      const colorScheme = name === 'phone' ? 'dark' : 'light';
      const page = await browser.newPage({ viewport, colorScheme });
      const errors: string[] = [];
      page.on('pageerror', ({ message }) => errors.push(message));
      page.on('console', (said) => {
        if (said.type() === 'error') errors.push(said.text());
      });
      await page.goto(url);
      await page.waitForSelector('#boxes g[data-track]', { timeout: 60_000 });
      // Until one of them is well in the picture.
      await page.waitForTimeout(1_500);
      const drawn = await page.evaluate<DrawnBox[]>(READ_BOXES);
      assert.ok(drawn.length > 0);
      const scene = new Scene({ seed: SEED, ...SIZE });
      for (const { picture, text, box } of drawn) {
        const overlaps = truthOf(scene, picture)
          .filter(({ label }) => text.startsWith(`${label} `))
          .map((object) => intersectionOverUnion(object.box, box));
        assert.ok(Math.max(0, ...overlaps) > 0.5, `${text} lies beside its figure`);
      }
      assert.match((await page.textContent('#state')) ?? '', /camera online/);
      assert.equal(await page.textContent('#boxes text'), 'path');
      // In one step: each frame replaces the polygon, and a locator would measure one that is gone.
      const zone = await page.evaluate<{ readonly width: number; readonly height: number }>(
        "document.querySelector('#boxes polygon').getBoundingClientRect().toJSON()",
      );
      assert.ok(zone.width > 300 && zone.height > 80, JSON.stringify(zone));
      assert.match((await page.textContent('#counts')) ?? '', /1 × /);
      assert.match((await page.textContent('#events')) ?? '', /has come/);
      assert.match((await page.textContent('#model')) ?? '', /^lookout-demo@/);
      assert.ok(Number(await page.textContent('#fps')) > 5);
      const width = await page.evaluate<number>('document.documentElement.scrollWidth');
      assert.ok(width <= viewport.width, `the page is ${width} px wide`);
      if (SHOTS) await page.screenshot({ path: join(SHOTS, `live-${name}.png`) });
      assert.deepEqual(errors, []);
      await page.close();
    });
  }

  it('shows no picture where none may leave the detector', { timeout: 90_000 }, async () => {
    await using daemon = startDaemon({ images: 'none' });
    const page = await browser.newPage();
    await page.goto(await addressOf(daemon));
    await page.getByText('Pictures are not shown').waitFor({ timeout: 20_000 });
    assert.equal(await page.locator('#picture').isVisible(), false);
    await page.close();
  });

  it('says when nobody answers any more', { timeout: 90_000 }, async () => {
    await using daemon = startDaemon();
    const page = await browser.newPage();
    await page.goto(await addressOf(daemon));
    await page.getByText('camera online').waitFor({ timeout: 20_000 });
    await daemon.end('SIGTERM');
    await page.getByText('Lookout does not answer').waitFor({ timeout: 20_000 });
    await page.close();
  });
});
