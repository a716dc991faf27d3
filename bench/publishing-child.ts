/*
 * Follows a busy street at 15 frames a second for as many seconds as each line on stdin says, and
 * answers with the processor time it took. Arguments: what is told (nothing, changes, everything),
 * and the broker's URL. What is told apart, frames, tracks and events are the same.
 */
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Track } from '../src/domain/track.js';
import type { TrackEvent } from '../src/domain/track-event.js';
import { messageOf } from '../src/errors.js';
import { MqttPublisher } from '../src/publishing/mqtt-publisher.js';
import type { Publisher } from '../src/publishing/publisher.js';
import { TrackEvents } from '../src/tracking/track-events.js';
import { ZonedTracker } from '../src/tracking/zoned-tracker.js';
import { BusyStreet, frameNow, LABELS, ZONES } from './busy-street.js';

const FPS = 15;
const SILENT = { error() {}, warn() {}, info() {}, debug() {} };

const [, , told = '', url = ''] = process.argv;
const tracker = new ZonedTracker(new BusyStreet(), ZONES);
const events = new TrackEvents({ updateIntervalMs: 2_000 });
const publisher = told === 'nothing' ? null : startPublisher();
let sequence = 0;

try {
  publisher?.setState({ kind: 'labels', labels: LABELS });
  publisher?.setState({ kind: 'camera', online: true });
  say({ ready: true });
  for await (const line of createInterface({ input: process.stdin })) say(await run(Number(line)));
  await publisher?.[Symbol.asyncDispose]();
} catch (thrown) {
  process.stderr.write(`${messageOf(thrown)}\n`);
  process.exitCode = 1;
}

async function run(seconds: number): Promise<object> {
  const cpuBefore = process.cpuUsage();
  const begin = performance.now();
  const frames = seconds * FPS;
  for (let frame = 0; frame < frames; frame += 1) {
    await sleep(Math.max(0, begin + (frame * 1000) / FPS - performance.now()));
    follow(publisher);
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  return { cpuMs: (user + system) / 1000, wallMs: performance.now() - begin };
}

function follow(to: Publisher | null): void {
  sequence += 1;
  const result = frameNow(sequence);
  const tracks = tracker.update(result);
  const news = events.update(tracks, result);
  if (to === null) return;
  to.setState({ kind: 'tracks', tracks, capturedAtMs: result.frame.capturedAtMs });
  for (const event of news) to.publishEvent(event);
  if (told === 'everything') tellEverything(to, tracks, news);
}

/** What the rules leave out: an update of each object and the last sight of each label, each frame. */
function tellEverything(
  to: Publisher,
  tracks: readonly Track[],
  news: readonly TrackEvent[],
): void {
  const toldOf = new Set(news.map(({ track }) => track.id));
  const [sample] = news;
  const { frame, timings } = sample ?? frameNow(sequence);
  for (const track of tracks) {
    if (toldOf.has(track.id) || track.state === 'tentative') continue;
    to.publishEvent({
      phase: 'update',
      changed: ['score'],
      track,
      zonesEntered: [],
      scoreMedian: track.score,
      scoreTop: track.score,
      endedAtMs: null,
      durationMs: track.lastSeenMonotonicMs - track.firstSeenMonotonicMs,
      path: [],
      frame,
      timings,
      model: track.model,
    });
  }
  // By the way of a setting: the publisher itself would not tell it so often.
  for (const label of ['any', ...LABELS]) {
    const value = new Date(frame.capturedAtMs).toISOString();
    to.setState({ kind: 'setting', scope: 'camera', name: `last_seen/${label}`, value });
  }
}

function startPublisher(): MqttPublisher {
  const options = {
    url,
    username: null,
    password: null,
    clientId: 'lookout-bench',
    protocol: 'auto',
    tls: () => ({ caPem: null, clientCertificate: null, serverName: null }),
    baseTopic: 'lookout',
    nodeId: 'bench',
    cameraId: 'street',
    frameId: 'street_optical',
    zones: ZONES,
    bootId: 'bench',
    eventTtlS: 3_600,
    historyTtlS: 86_400,
    liveWindowMs: 10_000,
    isClockSynced: () => null,
    backlog: null,
    manifest: null,
    inbox: null,
    preamble: null,
  } as const;
  return MqttPublisher.start(options, SILENT);
}

function say(answer: object): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
