import { type Announced, announcedBy, announcedTopics, perhapsAnnounced } from './announced.js';
import type { DiscoveryMessage, DiscoveryPlace } from './announcement.js';
import { changeAnnouncement } from './change-announcement.js';
import type { DiscoveredDevice } from './discovery-documents.js';
import {
  type BirthMessage,
  type Finding,
  HomeAssistantWatch,
  type WatchedMessage,
} from './home-assistant-watch.js';
import { removeRemembered } from './remembered.js';

/** Topics under our ids that somebody else has left and that wait to be cleared. */
const MAX_GHOSTS = 256;

/** What is announced, and how. */
export interface AnnouncerOptions {
  readonly place: DiscoveryPlace;
  readonly birth: BirthMessage;
  /** What Home Assistant was told by earlier runs; null: nothing that is known of. */
  readonly before: Announced | null;
}

/**
 * Knows what Home Assistant was told and what it is to be told now. An announcement has all that
 * leads from any earlier state to the present one: it may be lost and repeated at any time.
 */
export class Announcer {
  readonly #place: DiscoveryPlace;
  readonly #watch: HomeAssistantWatch;
  readonly #ghosts = new Set<string>();
  #told: Announced | null;
  /** What it was told, and what it may have been told since: the broker has not answered yet. */
  #known: Announced | null;
  #sent: { readonly announced: Announced; readonly answersBirth: boolean } | null = null;
  #devices: readonly DiscoveredDevice[] = [];
  #isBorn = false;
  #topics: readonly string[] = [];

  constructor({ place, birth, before }: AnnouncerOptions) {
    this.#place = place;
    this.#told = before;
    this.#known = before;
    this.#watch = new HomeAssistantWatch(birth);
    this.#lookFor([]);
  }

  /** What Home Assistant was told, to be kept; null: nothing that would have to be taken back. */
  get told(): Announced | null {
    return this.#told;
  }

  /** Topics that may hold something of ours at the broker. */
  get topics(): readonly string[] {
    return this.#topics;
  }

  /** Topic filters to listen to. */
  get filters(): readonly string[] {
    return this.#watch.filters;
  }

  /** Whether a message on this topic came by one of `filters`. */
  listensTo(topic: string): boolean {
    return this.#watch.listensTo(topic);
  }

  /** Takes the devices that there are now. @returns whether they are others than before. */
  show(devices: readonly DiscoveredDevice[]): boolean {
    const isChange = JSON.stringify(devices) !== JSON.stringify(this.#devices);
    this.#lookFor(devices);
    return isChange;
  }

  /** The messages of an announcement, in order. */
  messages(): readonly DiscoveryMessage[] {
    const before = this.#known;
    const announced = announcedBy(before, this.#devices, this.#place);
    this.#sent = { announced, answersBirth: this.#isBorn };
    this.#known = perhapsAnnounced(before, announced);
    const ghosts = [...this.#ghosts].filter((topic) => !this.#topics.includes(topic));
    this.#ghosts.clear();
    return [
      ...ghosts.map((topic) => ({ topic, payload: '', retain: true })),
      ...changeAnnouncement(before, this.#devices, this.#place),
      ...this.#reminders(announced),
    ];
  }

  /**
   * Removes what is only remembered, whether or not there was a birth: that may have gone unheard
   * while we were away. What has just gone is left alone, its removal is part of the change.
   */
  #reminders(announced: Announced): readonly DiscoveryMessage[] {
    const before = new Set(this.#told?.retired);
    const retired = announced.retired.filter((component) => before.has(component));
    return removeRemembered({ ...announced, retired }, this.#devices, this.#place);
  }

  /** Says that the broker has taken the last announcement. @returns whether `told` is another. */
  delivered(): boolean {
    if (this.#sent === null) return false;
    const { announced, answersBirth } = this.#sent;
    const before = JSON.stringify(this.#told);
    const retired = answersBirth ? [] : announced.retired;
    const isEmpty = announced.devices.length === 0 && retired.length === 0;
    this.#told = isEmpty ? null : { ...announced, retired };
    this.#known = this.#told;
    this.#sent = null;
    if (answersBirth) this.#isBorn = false;
    this.#lookFor(this.#devices);
    return JSON.stringify(this.#told) !== before;
  }

  /** Says what a message asks for; whatever it is, the next announcement does it. */
  read(message: WatchedMessage): Finding['kind'] {
    const finding = this.#watch.read(message);
    if (finding.kind === 'birth') this.#isBorn = true;
    if (finding.kind === 'ghost' && this.#ghosts.size < MAX_GHOSTS) this.#ghosts.add(finding.topic);
    return finding.kind;
  }

  #lookFor(devices: readonly DiscoveredDevice[]): void {
    this.#devices = devices;
    const next = announcedBy(null, devices, this.#place);
    this.#watch.expect(next);
    const parts = this.#known === null ? [next] : [this.#known, next];
    this.#topics = [...new Set(parts.flatMap(announcedTopics))];
  }
}
