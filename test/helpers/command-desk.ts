import { setImmediate } from 'node:timers/promises';
import { CommandRouter, type CommandRouterOptions } from '../../src/commands/command-router.js';
import type { IncomingMessage } from '../../src/contract/incoming-message.js';
import type { Reply } from '../../src/contract/reply.js';
import type { ResponsePayload } from '../../src/contract/response-schema.js';
import { RecordingLog } from './recording-log.js';

/** The wall clock of a CommandDesk. */
export const NOW_MS = Date.parse('2026-11-21T12:00:00Z');

/** A router of the node `lookout/pi` with the camera `porch`, whose answers are kept. */
export class CommandDesk {
  readonly log = new RecordingLog();
  readonly replies: Reply[] = [];
  readonly router: CommandRouter;
  /** What the router's clock shows. */
  nowMs = 0;

  constructor(options: Partial<CommandRouterOptions>) {
    this.router = new CommandRouter(
      {
        base: 'lookout',
        node: 'pi',
        cameras: ['porch'],
        policy: 'all',
        handlers: {},
        reservedBranches: ['homeassistant'],
        isClockRight: () => true,
        configuredOf: () => null,
        onSet: () => {},
        reply: (reply) => this.replies.push(reply),
        monotonicMs: () => this.nowMs,
        ...options,
      },
      this.log,
    );
  }

  /** Hands in a message; `topic` is what follows the node, `payload` is sent as it is or as JSON. */
  receive(topic: string, payload: string | object = '', more: Partial<IncomingMessage> = {}): void {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    this.router.receive({
      topic: `lookout/pi/${topic}`,
      payload: Buffer.from(text),
      retain: false,
      properties: null,
      receivedAtMs: NOW_MS,
      ...more,
    });
  }

  /** Hands in a message, waits until everything has been dealt with, and gives the new answers. */
  async ask(...message: Parameters<CommandDesk['receive']>): Promise<ResponsePayload[]> {
    const before = this.replies.length;
    this.receive(...message);
    await this.settled();
    return this.replies.slice(before).map(contentOf);
  }

  /** Waits until nothing waits or runs. */
  async settled(): Promise<void> {
    for (;;) {
      const { accepted, done, failed } = this.router.counters;
      if (accepted === done + failed) return;
      await setImmediate();
    }
  }
}

/** What an answer says. */
export function contentOf({ payload }: Reply): ResponsePayload {
  return JSON.parse(payload) as ResponsePayload;
}
