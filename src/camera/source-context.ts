import type { FramePool } from '../domain/frame-pool.js';
import type { Log } from '../log.js';

/** What a source needs from the process it lives in. */
export interface SourceContext {
  /** The daemon's environment; PATH is searched for programs. */
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
  /** Where the buffers of frames come from; whoever is done with a frame may give it back there. */
  readonly pool: FramePool;
}
