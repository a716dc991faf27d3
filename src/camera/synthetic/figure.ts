import { type BicycleLook, bicycleLook, drawBicycle } from './bicycle.js';
import { type CarLook, carLook, drawCar } from './car.js';
import { type CatLook, catLook, drawCat } from './cat.js';
import { type DogLook, dogLook, drawDog } from './dog.js';
import type { Gait } from './gait.js';
import { drawParcel, type ParcelLook, parcelLook } from './parcel.js';
import type { Pen } from './pen.js';
import { drawPerson, type PersonLook, personLook } from './person.js';
import type { SeededRandom } from './random.js';

/** What there is to be seen, in the order of the model's classes. */
export const LABELS = ['person', 'car', 'dog', 'cat', 'bicycle', 'parcel'] as const;
export type Label = (typeof LABELS)[number];

/** One individual of a kind. */
export type Figure =
  | { readonly label: 'person'; readonly look: PersonLook }
  | { readonly label: 'car'; readonly look: CarLook }
  | { readonly label: 'dog'; readonly look: DogLook }
  | { readonly label: 'cat'; readonly look: CatLook }
  | { readonly label: 'bicycle'; readonly look: BicycleLook }
  | { readonly label: 'parcel'; readonly look: ParcelLook };

/** Heights as parts of a person's at the same distance: toys rather than nature, so that all count. */
export const RELATIVE_HEIGHT: Record<Label, number> = {
  person: 1,
  car: 0.62,
  dog: 0.46,
  cat: 0.38,
  bicycle: 0.62,
  parcel: 0.3,
};

/** Somebody new of a kind. */
export function createFigure(label: Label, random: SeededRandom): Figure {
  switch (label) {
    case 'person':
      return { label, look: personLook(random) };
    case 'car':
      return { label, look: carLook(random) };
    case 'dog':
      return { label, look: dogLook(random) };
    case 'cat':
      return { label, look: catLook(random) };
    case 'bicycle':
      return { label, look: bicycleLook(random) };
    case 'parcel':
      return { label, look: parcelLook(random) };
    default:
      throw label satisfies never;
  }
}

/** Draws a figure as it stands or moves now. */
export function drawFigure({ label, look }: Figure, pen: Pen, gait: Gait): void {
  switch (label) {
    case 'person':
      drawPerson(pen, look, gait);
      break;
    case 'car':
      drawCar(pen, look, gait);
      break;
    case 'dog':
      drawDog(pen, look, gait);
      break;
    case 'cat':
      drawCat(pen, look, gait);
      break;
    case 'bicycle':
      drawBicycle(pen, look, gait);
      break;
    case 'parcel':
      drawParcel(pen, look);
      break;
    default:
      throw label satisfies never;
  }
}
