import type { Config } from '../config/schema.js';
import type { FrameGate } from '../motion/frame-gate.js';
import { MotionWatch } from '../motion/motion-watch.js';
import type { Publisher } from '../publishing/publisher.js';

/** What the daemon has of motion. */
export interface Motion {
  /** Null where motion is not looked for. */
  readonly gate: FrameGate | null;
  readonly isGateOn: boolean;
  /** @throws Error when the gate is to be switched on and motion is not looked for. */
  switchGate(isOn: boolean): void;
  /** The camera gives its first frame, or is gone. */
  cameraChanged(): void;
}

/** Looks for motion as the configuration says; there is none until a frame shows some. */
export function startMotion(
  { motion: { enabled, gate, threshold, ...keys }, tracking }: Pick<Config, 'motion' | 'tracking'>,
  tell: Publisher['setState'],
): Motion {
  if (!enabled) return NO_MOTION;
  const onMotion = (isMotion: boolean): void => tell({ kind: 'motion', isMotion });
  const watch = new MotionWatch({
    threshold,
    minArea: keys.min_area,
    offDelayMs: keys.off_delay_s * 1000,
    lookEveryMs: keys.look_every_s * 1000,
    // Half of it is left to find what was missed once.
    lookAtRestingMs: (tracking.lost_after_s * 1000) / 2,
    onMotion,
  });
  onMotion(false);
  watch.switchGate(gate);
  return {
    gate: watch,
    get isGateOn() {
      return watch.isGateOn;
    },
    switchGate: (isOn) => watch.switchGate(isOn),
    cameraChanged: () => watch.reset(),
  };
}

const NO_MOTION: Motion = {
  gate: null,
  isGateOn: false,
  switchGate: (isOn) => {
    if (isOn) throw new Error('the configuration says motion.enabled: false');
  },
  cameraChanged: () => {},
};
