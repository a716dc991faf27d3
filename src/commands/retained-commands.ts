import { createHash } from 'node:crypto';
import type { IncomingMessage } from '../contract/incoming-message.js';
import { MAX_PAYLOAD_BYTES } from './envelope.js';

/** Retained commands that are told of at all. */
const MAX_TOLD = 64;

/** Retained commands come again with every connection: each is told of once. */
export class RetainedCommands {
  readonly #told = new Set<string>();

  /** Whether this one has not been told of yet; the next time it has. */
  isNew({ topic, payload }: IncomingMessage): boolean {
    const content = payload.subarray(0, MAX_PAYLOAD_BYTES);
    const digest = createHash('sha256').update(`${topic}\n`).update(content).digest('base64');
    if (this.#told.size >= MAX_TOLD || this.#told.has(digest)) return false;
    this.#told.add(digest);
    return true;
  }
}
