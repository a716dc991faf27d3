import type { AlertPayload, ProblemId } from '../contract/alert-schema.js';
import { PROBLEM_IDS } from '../contract/problem-ids.js';
import { formOf } from '../contract/topic-table.js';
import type { CameraCondition } from '../domain/camera-condition.js';
import type { NodeInfo } from '../domain/node-info.js';
import type { Zone } from '../domain/zone.js';
import {
  cameraStatePayload,
  infoPayload,
  modelStatePayload,
  modelUpdatePayload,
} from './messages.js';
import { ObjectBoard } from './object-board.js';
import type { StateUpdate } from './publisher.js';
import { RetainedStates } from './retained-states.js';
import type { Topics } from './topics.js';

/** Four topics a label and two more a zone: enough for 90 labels in 32 zones, or 2,000 in none. */
const MAX_TOPICS = 8_192;

/** Topics that hold JSON, one each. */
type JsonState =
  | 'info'
  | 'modelState'
  | 'modelUpdate'
  | 'health'
  | 'rosVisionInfo'
  | 'rosLabelInfo'
  | 'cameraState';

/** What is true now, as retained topics. The camera is offline until it is said to be online. */
export class StateBoard {
  readonly states = new RetainedStates(MAX_TOPICS);
  readonly #topics: Topics;
  readonly #objects: ObjectBoard;
  #condition: CameraCondition | null = null;
  #hasMotion = false;
  #info: NodeInfo | null = null;
  #protocol: 4 | 5 | null = null;

  constructor(topics: Topics, zones: readonly Zone[]) {
    this.#topics = topics;
    this.#objects = new ObjectBoard(this.states, topics, zones);
    this.#setCamera(false);
    // A broker may still tell of what was wrong in an earlier life, of ours or of its own.
    this.states.adopt(PROBLEM_IDS.map((id) => topics.alert(id)));
  }

  /** Takes over one update. */
  apply(update: StateUpdate): void {
    switch (update.kind) {
      case 'camera':
        this.#setCamera(update.online);
        break;
      case 'condition':
        this.#setCondition(update.condition);
        break;
      case 'motion':
        this.#hasMotion = true;
        this.#setMotion(update.isMotion);
        break;
      case 'tracks':
        this.#objects.setTracks(update.tracks);
        break;
      case 'labels':
        this.#objects.setLabels(update.labels);
        break;
      case 'model':
        this.#setJson('modelState', modelStatePayload(update.state));
        break;
      case 'model-update':
        this.#setJson('modelUpdate', modelUpdatePayload(update));
        break;
      case 'vision':
        this.#setJson('rosVisionInfo', update.info);
        this.#setJson('rosLabelInfo', update.labels);
        break;
      case 'setting':
        this.#setSetting(this.#topics.setting(update.scope, update.name), update.value);
        break;
      case 'health':
        this.#setJson('health', update.health);
        break;
      case 'alert':
        this.#setAlert(update.id, update.alert);
        break;
      case 'info':
        this.#info = update.info;
        this.#setInfo();
        break;
      default:
        update satisfies never;
    }
  }

  /** The MQTT version of the connection, which `info` tells; without one there is no `info` yet. */
  setProtocol(protocol: 4 | 5): void {
    this.#protocol = protocol;
    this.#setInfo();
  }

  /** Nothing is in sight any more, nothing moves, no frames flow, and nobody minds what is wrong. */
  zero(): void {
    for (const id of PROBLEM_IDS) this.states.clear(this.#topics.alert(id));
    this.#objects.setTracks([]);
    if (this.#hasMotion) this.#setMotion(false);
    if (this.#condition !== null) {
      const stopped = { phase: 'stopped', reason: null, sinceMs: Date.now() } as const;
      this.#setCondition({ ...this.#condition, ...stopped });
    }
    this.#setCamera(false);
  }

  #setCamera(online: boolean): void {
    this.states.set(this.#topics.cameraStatus, online ? 'online' : 'offline');
  }

  #setCondition(condition: CameraCondition): void {
    this.#condition = condition;
    this.#setJson('cameraState', cameraStatePayload(condition));
  }

  #setMotion(isMotion: boolean): void {
    this.states.set(this.#topics.motion, isMotion ? 'ON' : 'OFF');
  }

  #setSetting(topic: string, value: string | null): void {
    if (value === null) this.states.clear(topic);
    else this.states.set(topic, value);
  }

  #setInfo(): void {
    if (this.#info === null || this.#protocol === null) return;
    this.#setJson('info', infoPayload(this.#info, this.#protocol));
  }

  #setJson(key: JsonState, payload: object): void {
    this.states.set(this.#topics[key], JSON.stringify(payload), formOf(key));
  }

  #setAlert(id: ProblemId, alert: AlertPayload | null): void {
    const topic = this.#topics.alert(id);
    if (alert === null) this.states.clear(topic);
    else this.states.set(topic, JSON.stringify(alert), formOf('alert'));
  }
}
