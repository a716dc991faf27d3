import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { framesWithRetry } from '../../src/camera/camera-retry.js';
import type { CameraState } from '../../src/camera/camera-state.js';
import type { FrameSource } from '../../src/camera/frame-source.js';
import { RestartBell } from '../../src/camera/restart-bell.js';
import { type Frame, packedLayout } from '../../src/domain/frame.js';
import { CameraError } from '../../src/errors.js';
import { RecordingLog } from '../helpers/recording-log.js';

const NEVER = new AbortController().signal;
const DELAYS = { minMs: 1, maxMs: 2 };

function frame(sequence: number): Frame {
  return {
    ...packedLayout('rgb24', 2, 2),
    sequence,
    capturedAtMs: 0,
    monotonicMs: 0,
    timestampSource: 'read',
    data: new Uint8Array(12),
  };
}

/** A source whose runs give that many frames each; every run but the last ends with the error. */
function sourceOf(runs: number[], error: Error, retryable?: false): FrameSource {
  return {
    pacing: 'live',
    ...(retryable === false ? { retryable } : {}),
    async *frames() {
      const count = runs.shift() ?? 0;
      for (let sequence = 0; sequence < count; sequence += 1) yield frame(sequence);
      if (runs.length > 0) throw error;
    },
  };
}

async function play(source: FrameSource, signal = NEVER, delays = DELAYS) {
  const states: CameraState[] = [];
  const sequences: number[] = [];
  const log = new RecordingLog();
  const onState = (state: CameraState) => states.push(state);
  const frames = framesWithRetry(source, { log, onState, delays }, signal);
  const failure = await (async () => {
    for await (const { sequence } of frames) sequences.push(sequence);
    return null;
  })().catch((error: unknown) => error);
  return { states, sequences, log, failure };
}

describe('framesWithRetry', () => {
  const unplugged = new CameraError('unplugged');
  const offline = { online: false, reason: 'unplugged' };

  it('starts a failed source again and numbers its frames through', async () => {
    const { states, sequences, log, failure } = await play(sourceOf([2, 0, 3], unplugged));
    assert.deepEqual(sequences, [0, 1, 2, 3, 4]);
    assert.deepEqual(states, [{ online: true }, offline, offline, { online: true }]);
    assert.equal(log.having('warn unplugged; next attempt in').length, 2);
    assert.equal(failure, null);
  });

  it('gives up a source that is not retryable', async () => {
    const { states, failure } = await play(sourceOf([1, 1], unplugged, false));
    assert.equal(failure, unplugged);
    assert.deepEqual(states, [{ online: true }, offline]);
  });

  it('does not take a programming error for a camera that is away', async () => {
    const bug = new TypeError('bug');
    assert.equal((await play(sourceOf([1, 1], bug))).failure, bug);
  });

  it('ends on abort while it waits for the next attempt', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    const hours = { minMs: 1e7, maxMs: 1e7 };
    const { sequences, failure } = await play(sourceOf([1, 1], unplugged), stop.signal, hours);
    assert.deepEqual(sequences, [0]);
    assert.equal(failure, null);
  });

  it('waits longer and longer for a camera that dies at once, and starts over after a good run', async () => {
    let run = 0;
    const source: FrameSource = {
      pacing: 'live',
      async *frames() {
        run += 1;
        yield frame(0);
        if (run === 5) await sleep(1000);
        if (run < 7) throw unplugged;
      },
    };
    const { log } = await play(source, NEVER, { minMs: 40, maxMs: 640 });
    const waitsS = log.lines.map((line) => Number(/attempt in ([\d.]+) s/.exec(line)?.[1]));
    // Steps of 40, 80, 160, 320 ms, each less up to a half; after the good run 40 again.
    assert.ok((waitsS[3] ?? 0) >= 0.1, `${waitsS}`);
    assert.ok((waitsS[4] ?? 1) <= 0.05, `${waitsS}`);
  });

  /** A source that gives a frame a start, and no second one before it is stopped. */
  function oneFrameAStart(starts: { count: number }): FrameSource {
    return {
      pacing: 'live',
      async *frames(signal) {
        starts.count += 1;
        yield frame(0);
        if (signal.aborted) return;
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    };
  }

  it('starts the source again when the bell rings, which is no failure', async () => {
    const starts = { count: 0 };
    const bell = new RestartBell();
    const states: CameraState[] = [];
    const stop = new AbortController();
    const options = {
      log: new RecordingLog(),
      onState: (state: CameraState) => states.push(state),
    };
    const frames = framesWithRetry(oneFrameAStart(starts), { ...options, bell }, stop.signal);
    const sequences: number[] = [];
    for await (const { sequence } of frames) {
      sequences.push(sequence);
      if (sequence < 2) setImmediate(() => void bell.ring(NEVER));
      else stop.abort();
    }
    assert.deepEqual(sequences, [0, 1, 2]);
    assert.equal(starts.count, 3);
    assert.deepEqual(states, [{ online: true }, { online: true }, { online: true }]);
    assert.deepEqual(options.log.lines, []);
  });

  it('starts at once, when the bell rings, what it would have tried later', async () => {
    const bell = new RestartBell();
    const onState = ({ online }: CameraState) => {
      if (!online) setImmediate(() => void bell.ring(NEVER));
    };
    const delays = { minMs: 60_000, maxMs: 60_000 };
    const options = { log: new RecordingLog(), onState, bell, delays };
    const sequences: number[] = [];
    for await (const { sequence } of framesWithRetry(sourceOf([1, 1], unplugged), options, NEVER)) {
      sequences.push(sequence);
    }
    assert.deepEqual(sequences, [0, 1]);
  });
});

describe('RestartBell', () => {
  it('tells why the camera did not start again', async () => {
    const bell = new RestartBell();
    bell.answerWith(() => bell.tell({ online: false, reason: 'unplugged' }));
    await assert.rejects(bell.ring(NEVER), /Cannot start the camera again: unplugged/);
    bell.answerWith(() => {});
    await assert.rejects(bell.ring(AbortSignal.abort()), /no frame came in time/);
  });
});
