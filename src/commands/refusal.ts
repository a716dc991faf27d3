/** Why a command is not let in; also the code of the error that answers it. */
export const REFUSAL_REASONS = [
  'retained',
  'old',
  'too-large',
  'malformed',
  'not-allowed',
  'unknown-verb',
  'busy',
] as const;

export type RefusalReason = (typeof REFUSAL_REASONS)[number];

export interface Refusal {
  readonly reason: RefusalReason;
  /** What was found and what is valid, in one sentence without a full stop. */
  readonly message: string;
}
