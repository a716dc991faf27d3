/** How a camera fares. */
export interface CameraCondition {
  /**
   * `starting`: nothing has come of it yet; `running`: frames come and are dealt with; `stalled`:
   * they have ceased to, and nothing has failed yet; `restarting`: it failed, or was asked to, and
   * is started again; `paused`: frames come, and detection is switched off; `stopped`: Lookout has
   * ended.
   */
  readonly phase: 'starting' | 'running' | 'stalled' | 'restarting' | 'paused' | 'stopped';
  /** Why, in a sentence for people; null where the phase says it all. */
  readonly reason: string | null;
  /** Unix ms at which the phase began. */
  readonly sinceMs: number;
  /** How often it was started again in this run. */
  readonly restarts: number;
}
