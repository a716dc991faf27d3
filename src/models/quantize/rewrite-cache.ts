import type { Log } from '../../log.js';
/** TEMP */
export class RewriteCache {
  constructor(_folder: string, _log: Log) {}
  async get(_sha256: string): Promise<Uint8Array<ArrayBuffer> | null> {
    return null;
  }
  async put(_sha256: string, _bytes: Uint8Array): Promise<void> {}
}
