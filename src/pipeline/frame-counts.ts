/** Why a frame was not detected. */
export type DropReason =
  | 'queue_full'
  | 'too_old'
  | 'error'
  | 'over_rate'
  | 'gated'
  | 'paused'
  | 'stopped';

/**
 * Where every frame ended: `framesIn` is always `detected` plus all of `dropped` plus the frames
 * that are still on their way, and none are once the pipeline has ended.
 */
export interface FrameCounts {
  framesIn: number;
  detected: number;
  readonly dropped: Record<DropReason, number>;
}

/** Counts that all stand at 0. */
export function zeroCounts(): FrameCounts {
  return {
    framesIn: 0,
    detected: 0,
    dropped: {
      queue_full: 0,
      too_old: 0,
      error: 0,
      over_rate: 0,
      gated: 0,
      paused: 0,
      stopped: 0,
    },
  };
}
