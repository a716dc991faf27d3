import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { eventually } from './eventually.js';
import type { FaultStage } from './fault-stage.js';

/** What can go wrong between a publisher and its broker. */
export type FaultKind = keyof typeof FAULTS;

interface FaultForm {
  /** Whether the publisher has to connect again. */
  readonly breaks: boolean;
  /** Makes the fault; resolves when it is over. */
  make(stage: FaultStage, random: () => number): Promise<void>;
}

/** Enough to fill the buffers of both ends of a connection on this machine. */
const FLOOD = { messages: 120, bytes: 64 << 10 };
/** After one and a half keepalive times a publisher takes a silent broker for gone. */
const KEEPALIVE_LIMIT_MS = 25_000;

/** Every kind of fault. */
export const FAULTS = {
  cut: {
    breaks: true,
    make: async ({ proxy }) => proxy.cut(),
  },
  reset: {
    breaks: true,
    make: async ({ proxy }) => proxy.reset(),
  },
  refuse: {
    breaks: true,
    make: async ({ proxy }, random) => {
      proxy.set({ kind: 'refuse' });
      proxy.reset();
      await pause(random, 200, 2_500);
      proxy.set({ kind: 'pass' });
    },
  },
  'half-open': {
    breaks: true,
    make: async ({ proxy }, random) => {
      proxy.set({ kind: 'half-open' });
      await pause(random, 200, 3_000);
      proxy.set({ kind: 'pass' });
    },
  },
  delay: {
    breaks: false,
    make: async ({ proxy }, random) => {
      proxy.set({ kind: 'delay', ms: 50 + random() * 700 });
      await pause(random, 500, 2_000);
      proxy.set({ kind: 'pass' });
    },
  },
  throttle: {
    breaks: false,
    make: async ({ proxy }, random) => {
      proxy.set({ kind: 'throttle', bytesPerS: 500 + random() * 5_000 });
      await pause(random, 500, 2_500);
      proxy.set({ kind: 'pass' });
    },
  },
  freeze: {
    breaks: false,
    make: async ({ proxy }, random) => {
      proxy.set({ kind: 'freeze' });
      await pause(random, 300, 3_000);
      proxy.set({ kind: 'pass' });
    },
  },
  'full-buffer': {
    breaks: false,
    make: async ({ proxy, script }, random) => {
      proxy.set({ kind: 'freeze' });
      for (let i = 0; i < FLOOD.messages; i++) {
        script.tellHealth(FLOOD.bytes + i);
        await setImmediate();
      }
      await pause(random, 200, 2_000);
      proxy.set({ kind: 'pass' });
    },
  },
  'full-buffer-cut': {
    breaks: true,
    make: async (stage, random) => {
      await FAULTS['full-buffer'].make(stage, random);
      stage.proxy.reset();
    },
  },
  'broker-kill': {
    breaks: true,
    make: async ({ broker, proxy, observer }, random) => {
      await broker.stop('SIGKILL');
      // What the broker acknowledges while nobody listens would be missed by right.
      await eventually('the observer is cut off', () => !observer.isListening);
      proxy.set({ kind: 'refuse' });
      await pause(random, 100, 2_000);
      await broker.start();
      await eventually('the observer listens', () => observer.isListening, 20_000);
      proxy.set({ kind: 'pass' });
    },
  },
  'wrong-password': {
    breaks: true,
    make: async (stage) => {
      const { refused } = stage.wire;
      stage.admitPublisher(false);
      // A broker that does not throw it out at once.
      await sleep(200);
      stage.proxy.cut();
      await eventually('the publisher is refused', () => stage.wire.refused > refused, 20_000);
      stage.admitPublisher(true);
    },
  },
  silence: {
    breaks: true,
    make: async ({ proxy }) => {
      const { accepted } = proxy;
      proxy.set({ kind: 'freeze' });
      await eventually('it is noticed', () => proxy.accepted > accepted, KEEPALIVE_LIMIT_MS);
      proxy.set({ kind: 'pass' });
    },
  },
} as const satisfies Readonly<Record<string, FaultForm>>;

/** `count` faults in a row in which each kind comes about as often; the slow one a third as often. */
export function dealFaults(count: number, random: () => number): FaultKind[] {
  const dealt: FaultKind[] = [];
  for (let round = 0; dealt.length < count; round++) {
    const kinds = (Object.keys(FAULTS) as FaultKind[]).filter(
      (kind) => kind !== 'silence' || round % 3 === 0,
    );
    const order = kinds.map((kind) => ({ kind, at: random() })).sort((a, b) => a.at - b.at);
    dealt.push(...order.map(({ kind }) => kind));
  }
  return dealt.slice(0, count);
}

function pause(random: () => number, fromMs: number, toMs: number): Promise<void> {
  return sleep(fromMs + random() * (toMs - fromMs));
}
