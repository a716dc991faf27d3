/** What can be wrong. */
export const PROBLEM_IDS = [
  'camera_lost',
  'low_frame_rate',
  'stalled',
  'model_rejected',
  'config_rejected',
  'hot',
  'throttled',
  'undervoltage',
  'clock_unsynced',
  'memory_low',
  'disk_low',
  'outbox',
  'settings',
  'client_id_conflict',
] as const;
