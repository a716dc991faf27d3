/** A place in fractions of the frame, origin at the top left. */
export interface Point {
  readonly x: number;
  readonly y: number;
}
