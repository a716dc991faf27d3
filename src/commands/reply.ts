import type { ResponsePayload } from '../contract/response-schema.js';
import { PAYLOAD_VERSION } from '../contract/version.js';

/** Why something was not done. */
export interface ReplyError {
  /** Stable word for programs. */
  readonly code: string;
  /** One sentence for people, without a full stop. */
  readonly message: string;
}

/** What became of a command. `accepted`: it is slow, and the end of it is told later. */
export type ReplyResult =
  | { readonly status: 'ok'; readonly data: unknown }
  | { readonly status: 'accepted' }
  | { readonly status: 'error'; readonly error: ReplyError };

/** Largest payload of an answer. */
export const MAX_REPLY_BYTES = 16 * 1024;
const MAX_MESSAGE_LENGTH = 500;

/** Writes an answer's payload; data that cannot be sent makes it an error. */
export function responsePayload(
  asked: { readonly id: string | null; readonly verb: string },
  result: ReplyResult,
  tookMs: number,
): string {
  const payload = (said: ReplyResult): ResponsePayload => ({
    v: PAYLOAD_VERSION,
    id: asked.id,
    verb: asked.verb,
    status: said.status,
    data: said.status === 'ok' ? (said.data ?? null) : null,
    error: said.status === 'error' ? shortened(said.error) : null,
    took_ms: Math.max(0, Math.round(tookMs)),
  });
  const failure = (message: string): string =>
    JSON.stringify(payload({ status: 'error', error: { code: 'failed', message } }));
  let text: string;
  try {
    text = JSON.stringify(payload(result));
  } catch {
    return failure('the answer cannot be written as JSON');
  }
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_REPLY_BYTES) return text;
  return failure(`the answer has ${bytes} bytes, an answer may have at most ${MAX_REPLY_BYTES}`);
}

function shortened({ code, message }: ReplyError): ReplyError {
  const isLong = message.length > MAX_MESSAGE_LENGTH;
  return { code, message: isLong ? `${message.slice(0, MAX_MESSAGE_LENGTH)}…` : message };
}
