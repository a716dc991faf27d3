import type { MeasuredSetup } from '../../src/domain/engine.js';

/** A way of running a model as it might have been measured. */
export const SAMPLE_SETUP: MeasuredSetup = {
  name: 'tfjs',
  kernels: null,
  form: 'original',
  threads: 1,
  inferenceMs: 37.512,
  cpuMs: 37.498,
};
