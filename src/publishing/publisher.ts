import type { AlertPayload, ProblemId } from '../contract/alert-schema.js';
import type { HealthPayload } from '../contract/health-schema.js';
import type { RosLabelInfoPayload, RosVisionInfoPayload } from '../contract/ros-schemas.js';
import type { CameraCondition } from '../domain/camera-condition.js';
import type { ModelState } from '../domain/model-state.js';
import type { NodeInfo } from '../domain/node-info.js';
import type { Track } from '../domain/track.js';
import type { TrackEvent } from '../domain/track-event.js';

/** A part of what is true now. The last one of each kind holds until the next. */
export type StateUpdate =
  /** Whether frames flow and are detected. */
  | { readonly kind: 'camera'; readonly online: boolean }
  /** How the camera fares. */
  | { readonly kind: 'condition'; readonly condition: CameraCondition }
  /** Whether something moves; never told where motion is not looked for. */
  | { readonly kind: 'motion'; readonly isMotion: boolean }
  /** All living tracks after a frame taken at `capturedAtMs` (Unix ms). */
  | { readonly kind: 'tracks'; readonly tracks: readonly Track[]; readonly capturedAtMs: number }
  /** Where the model life cycle stands. */
  | { readonly kind: 'model'; readonly state: ModelState }
  /** The active model, and the one that could be brought in; the same where there is no newer one. */
  | { readonly kind: 'model-update'; readonly installed: string; readonly latest: string }
  /** Labels that the active model can give: objects nobody has seen count 0. */
  | { readonly kind: 'labels'; readonly labels: readonly string[] }
  | { readonly kind: 'info'; readonly info: NodeInfo }
  /** What is in force of a knob: of the camera, or of the node. */
  | {
      readonly kind: 'setting';
      readonly scope: 'node' | 'camera';
      readonly name: string;
      /** Null: there is no such knob any more. */
      readonly value: string | null;
    }
  /** What robots are told of the model. */
  | {
      readonly kind: 'vision';
      readonly info: RosVisionInfoPayload;
      readonly labels: RosLabelInfoPayload;
    }
  | { readonly kind: 'health'; readonly health: HealthPayload }
  /** Something that is wrong now; null: no longer. */
  | { readonly kind: 'alert'; readonly id: ProblemId; readonly alert: AlertPayload | null };

/**
 * Tells the world. No call waits for the network or throws because of it: states are kept and told
 * again after every reconnection; events are told while they are fresh. Disposal says good-bye:
 * states zeroed, `offline`, within 2 s.
 */
export interface Publisher extends AsyncDisposable {
  setState(update: StateUpdate): void;
  /** @returns id of the message by which it is told; null when it is too late to tell anything. */
  publishEvent(event: TrackEvent): string | null;
}
