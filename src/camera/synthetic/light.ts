import type { SeededRandom } from './random.js';

/** How bright, of what colour and how noisy it is. */
export interface Light {
  readonly kind: 'day' | 'infrared';
  /** Brightness in the middle of its slow changes. */
  readonly gain: number;
  readonly gamma: number;
  /** Factors of red, green and blue. */
  readonly tint: readonly [number, number, number];
  /** Standard deviation in steps of a byte. */
  readonly noise: number;
  /** How far clouds change the brightness, and how long that takes. */
  readonly swing: number;
  readonly periodS: number;
  /** Middle and radius of an infrared lamp's spot, in widths of the picture. */
  readonly spot: { readonly x: number; readonly y: number; readonly radius: number };
}

const NOISE_VALUES = 1 << 16;
/** Noise is kept in 32nds of a step. */
const NOISE_STEPS = 32;

export function createLight(random: SeededRandom): Light {
  const kind = random.chance(0.18) ? 'infrared' : 'day';
  const tint = (): number => 1 + 0.06 * random.gaussian();
  return {
    kind,
    gain: kind === 'day' ? random.between(0.6, 1.15) : random.between(0.7, 1.2),
    gamma: kind === 'day' ? random.between(0.7, 1.5) : 1,
    tint: [tint(), tint(), tint()],
    noise: random.between(0.5, 7),
    swing: random.between(0, 0.2),
    periodS: random.between(5, 25),
    spot: {
      x: random.between(0.25, 0.75),
      y: random.between(0.2, 0.6),
      radius: random.between(0.5, 0.9),
    },
  };
}

/** When a picture is taken. */
export interface Moment {
  readonly timeS: number;
  /** Where its noise begins: any whole number, another one for each picture. */
  readonly noiseAt: number;
}

/** Turns what is there into what a camera sees of it. */
export class Exposure {
  readonly #widthPx: number;
  readonly #heightPx: number;
  readonly #noise: Int8Array;
  readonly #tables = [new Uint8Array(256), new Uint8Array(256), new Uint8Array(256)] as const;
  #vignette: { readonly spot: Light['spot']; readonly factors: Uint8Array } | null = null;

  constructor(widthPx: number, heightPx: number, random: SeededRandom) {
    this.#widthPx = widthPx;
    this.#heightPx = heightPx;
    this.#noise = Int8Array.from({ length: NOISE_VALUES }, () => random.gaussian() * NOISE_STEPS);
  }

  /**
   * @param scene rgb24, without padding.
   * @param picture takes the result, of the same length.
   */
  expose(scene: Uint8Array, picture: Uint8ClampedArray, light: Light, moment: Moment): void {
    const { timeS, noiseAt } = moment;
    const gain = light.gain * (1 + light.swing * Math.sin((2 * Math.PI * timeS) / light.periodS));
    this.#tables.forEach((table, channel) => {
      const factor = 255 * gain * (light.kind === 'day' ? (light.tint[channel] ?? 1) : 1);
      for (let value = 0; value < 256; value++) {
        table[value] = Math.min(255, factor * (value / 255) ** light.gamma);
      }
    });
    if (light.kind === 'day') this.#exposeDay(scene, picture, light.noise, noiseAt);
    else this.#exposeInfrared(scene, picture, light, noiseAt);
  }

  #exposeDay(scene: Uint8Array, picture: Uint8ClampedArray, noise: number, noiseAt: number): void {
    const [reds, greens, blues] = this.#tables;
    const values = this.#noise;
    const strength = noise / NOISE_STEPS;
    for (let i = 0, at = noiseAt; i < picture.length; i += 3, at += 3) {
      picture[i] = (reds[scene[i] ?? 0] ?? 0) + strength * (values[at & 0xffff] ?? 0);
      picture[i + 1] =
        (greens[scene[i + 1] ?? 0] ?? 0) + strength * (values[(at + 1) & 0xffff] ?? 0);
      picture[i + 2] =
        (blues[scene[i + 2] ?? 0] ?? 0) + strength * (values[(at + 2) & 0xffff] ?? 0);
    }
  }

  #exposeInfrared(
    scene: Uint8Array,
    picture: Uint8ClampedArray,
    light: Light,
    noiseAt: number,
  ): void {
    const [table] = this.#tables;
    const factors = this.#factorsOf(light.spot);
    const values = this.#noise;
    const strength = light.noise / NOISE_STEPS;
    for (let i = 0, pixel = 0; i < picture.length; i += 3, pixel++) {
      // Luma of BT.601, in 256ths.
      const luma =
        (77 * (scene[i] ?? 0) + 150 * (scene[i + 1] ?? 0) + 29 * (scene[i + 2] ?? 0)) >> 8;
      const lit = 14 + ((table[luma] ?? 0) * (factors[pixel] ?? 0)) / 255;
      const value = lit + strength * (values[(noiseAt + pixel) & 0xffff] ?? 0);
      picture[i] = value;
      picture[i + 1] = value;
      picture[i + 2] = value;
    }
  }

  /** How much of the lamp's light each pixel gets, in 255ths. */
  #factorsOf(spot: Light['spot']): Uint8Array {
    if (this.#vignette?.spot === spot) return this.#vignette.factors;
    const [width, height] = [this.#widthPx, this.#heightPx];
    const factors = new Uint8Array(width * height);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [dx, dy] = [x / width - spot.x, y / width - spot.y];
        factors[y * width + x] =
          255 * (0.35 + 0.65 * Math.exp(-(dx * dx + dy * dy) / spot.radius ** 2));
      }
    }
    this.#vignette = { spot, factors };
    return factors;
  }
}
