/** How a figure moves at a moment. */
export interface Gait {
  /** Where in its step it is, in radians; wheels turn by it as well. */
  readonly phase: number;
  /** Length of its steps, 0 (standing) to 1. */
  readonly stride: number;
  /** What else it does: `ride` for a person on a bicycle, `carry` with both arms in front. */
  readonly manner: 'plain' | 'ride' | 'carry';
}

/** A leg or arm that swings, from its joint to its end over a knee. */
export function swing(phase: number, stride: number, amplitude: number): number {
  return amplitude * stride * Math.sin(phase);
}
