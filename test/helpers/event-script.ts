import type { ProblemId } from '../../src/contract/alert-schema.js';
import type { Track } from '../../src/domain/track.js';
import type { TrackEvent } from '../../src/domain/track-event.js';
import type { Publisher } from '../../src/publishing/publisher.js';
import { ROOT, SAMPLE_INFO } from './sample-publisher.js';
import { sampleEvent, sampleTrack } from './sample-tracks.js';
import { seededInteger } from './seeded-random.js';

const MAX_LIVING = 12;
const CAMERA = `${ROOT}/cam/porch`;
/** The same for all, so that what is said of it does not depend on when it is said. */
const SEEN_AT_MS = 1_700_000_002_500;
const PROBLEMS: readonly ProblemId[] = ['hot', 'disk_low', 'camera_lost'];

/**
 * Objects that come, change and go at random, told to a publisher; and what its retained topics
 * have to say at each moment.
 */
export class EventScript {
  /** In order: the first one has the number 1. */
  readonly events: TrackEvent[] = [];
  /** Every retained topic; where a part of the payload does not matter, a pattern. */
  readonly truth = new Map<string, string | RegExp>();
  readonly #random: () => number;
  readonly #publisher: Publisher;
  readonly #living: Track[] = [];
  readonly #seen = new Set<string>();
  #lastTrack = 0;

  constructor(random: () => number, publisher: Publisher) {
    this.#random = random;
    this.#publisher = publisher;
    this.truth.set(`${ROOT}/status`, 'online');
    this.truth.set(`${ROOT}/info`, new RegExp(`"boot_id":"${SAMPLE_INFO.bootId}"`));
    this.truth.set(`${ROOT}/model/state`, /"phase":"active"/);
    this.#setOnline(true);
    this.#tellTracks();
    this.#setSetting('0.5');
  }

  /** One thing happens. */
  step(): void {
    const roll = this.#random();
    const track = this.#pick();
    if (!track || (roll < 0.25 && this.#living.length < MAX_LIVING)) this.#begin();
    else if (roll < 0.7) this.#change(track);
    else if (roll < 0.93) this.#end(track);
    else if (roll < 0.95) this.#setOnline(this.#random() < 0.7);
    else if (roll < 0.97) this.#setSetting(this.#random().toFixed(2));
    else this.#setAlert();
  }

  /** Everything goes. */
  finish(): void {
    for (const track of [...this.#living]) this.#end(track);
  }

  /** Tells a `health` of so many bytes. */
  tellHealth(bytes: number): void {
    const health = { v: 1, boot_id: 'x'.repeat(bytes) };
    this.#publisher.setState({ kind: 'health', health: health as never });
    this.truth.set(`${ROOT}/health`, JSON.stringify(health));
  }

  #begin(): void {
    this.#lastTrack += 1;
    const label = this.#random() < 0.7 ? 'person' : 'dog';
    const track = sampleTrack({ id: this.#lastTrack, label, lastSeenMs: SEEN_AT_MS });
    this.#living.push(track);
    this.#seen.add(label);
    this.#tell('start', track);
  }

  #change(track: Track): void {
    const changed = { ...track, stationary: !track.stationary };
    this.#living[this.#living.indexOf(track)] = changed;
    this.#tell('update', changed);
  }

  #end(track: Track): void {
    this.#living.splice(this.#living.indexOf(track), 1);
    this.#tell('end', track);
  }

  #tell(phase: TrackEvent['phase'], track: Track): void {
    const event = sampleEvent({
      phase,
      track,
      changed: phase === 'update' ? ['stationary'] : [],
      endedAtMs: phase === 'end' ? SEEN_AT_MS : null,
    });
    this.events.push(event);
    this.#publisher.publishEvent(event);
    this.#tellTracks();
  }

  #tellTracks(): void {
    this.#publisher.setState({
      kind: 'tracks',
      tracks: [...this.#living],
      capturedAtMs: Date.now(),
    });
    for (const label of ['any', ...SAMPLE_INFO.labels]) {
      const those = this.#living.filter((track) => label === 'any' || track.label === label);
      const topic = `${CAMERA}/object/${label}`;
      this.truth.set(`${topic}/occupancy`, those.length > 0 ? 'ON' : 'OFF');
      this.truth.set(`${topic}/count`, String(those.length));
      this.truth.set(`${topic}/active`, String(those.filter((track) => !track.stationary).length));
      if (this.#seen.has(label) || (label === 'any' && this.#seen.size > 0))
        this.truth.set(`${topic}/last_seen`, new Date(SEEN_AT_MS).toISOString());
    }
  }

  #setOnline(online: boolean): void {
    this.#publisher.setState({ kind: 'camera', online });
    this.truth.set(`${CAMERA}/status`, online ? 'online' : 'offline');
  }

  #setSetting(value: string): void {
    this.#publisher.setState({ kind: 'setting', scope: 'camera', name: 'threshold', value });
    this.truth.set(`${CAMERA}/setting/threshold`, value);
  }

  #setAlert(): void {
    const id = PROBLEMS[seededInteger(this.#random, PROBLEMS.length)] ?? 'hot';
    const topic = `${ROOT}/alert/${id}`;
    const since = new Date(SEEN_AT_MS).toISOString();
    const isOn = this.truth.has(topic);
    const alert = {
      v: 1,
      id,
      level: 'degraded',
      detail: `Case ${this.events.length}`,
      since,
    } as const;
    this.#publisher.setState({ kind: 'alert', id, alert: isOn ? null : alert });
    if (isOn) this.truth.delete(topic);
    else this.truth.set(topic, JSON.stringify(alert));
  }

  #pick(): Track | undefined {
    return this.#living[seededInteger(this.#random, this.#living.length)];
  }
}
