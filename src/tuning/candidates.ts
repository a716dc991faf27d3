import type { EngineSetup, MeasuredSetup } from '../domain/engine.js';

/** What may be chosen from on this machine, under this configuration. */
export interface Choices {
  readonly litert: boolean;
  readonly tfjs: boolean;
  readonly minThreads: number;
  readonly maxThreads: number;
}

/**
 * One setup of each kind, with the fewest threads. The original on plain kernels comes first: it
 * computes as the model was trained to be computed, and the others are judged by it. The rewritten
 * model comes last, because it is judged by an original whatever happens.
 */
export function firstSetups({ litert, tfjs, minThreads: threads }: Choices): EngineSetup[] {
  const setups: EngineSetup[] = [];
  if (litert) {
    setups.push(
      { name: 'litert', kernels: 'builtin', form: 'original', threads },
      { name: 'litert', kernels: 'xnnpack', form: 'original', threads },
    );
  }
  if (tfjs) setups.push({ name: 'tfjs', kernels: null, form: 'original', threads });
  if (litert) setups.push({ name: 'litert', kernels: 'xnnpack', form: 'rewritten', threads });
  return setups;
}

/**
 * What a setup costs: its latency plus its processor time, so that a millisecond of waiting is
 * worth a millisecond of computing. A second thread earns its keep when it shortens the wait by
 * more than it adds to the work.
 */
export function costOf({ inferenceMs, cpuMs }: MeasuredSetup): number {
  return inferenceMs + cpuMs;
}

/** The setup that costs least; null of none. */
export function cheapest(measured: readonly MeasuredSetup[]): MeasuredSetup | null {
  return measured.reduce<MeasuredSetup | null>(
    (best, setup) => (best === null || costOf(setup) < costOf(best) ? setup : best),
    null,
  );
}

/** What slows a machine for a while has made a setup look so much dearer than it is. */
const CLOSE_RATIO = 1.5;

/** The setups between which one look does not decide, the latest first; none where one stands out. */
export function rivals(measured: readonly MeasuredSetup[]): MeasuredSetup[] {
  const best = cheapest(measured);
  if (!best) return [];
  const close = measured.filter((setup) => costOf(setup) < costOf(best) * CLOSE_RATIO);
  return close.length > 1 ? close.toReversed() : [];
}

/**
 * The same setups with `threads` threads, of those that could then cost less than `best`: n threads
 * take at least an n-th of the time that one takes, and no less work.
 */
export function withMoreThreads(
  measured: readonly MeasuredSetup[],
  best: MeasuredSetup,
  threads: number,
): EngineSetup[] {
  return measured
    .filter((setup) => {
      const leastMs = (setup.inferenceMs * setup.threads) / threads;
      return leastMs + setup.cpuMs < costOf(best);
    })
    .map(({ name, kernels, form }) => ({ name, kernels, form, threads }));
}

/** Threads that leave a core to the camera and the system; one where there is only one. */
export function mostThreads(cores: number): number {
  return Math.max(1, cores - 1);
}
