import type { AlertPayload, ProblemId } from '../contract/alert-schema.js';
import { PAYLOAD_VERSION } from '../contract/version.js';

/** With these nothing is detected. */
const FATAL: ReadonlySet<ProblemId> = new Set(['camera_lost', 'stalled']);

/** Is told of each problem that begins, goes on in other words, or ends (null). */
export type OnProblem = (id: ProblemId, alert: AlertPayload | null) => void;

/** What is wrong now. */
export class Problems {
  readonly #onChange: OnProblem;
  readonly #active = new Map<ProblemId, AlertPayload>();

  constructor(onChange: OnProblem) {
    this.#onChange = onChange;
  }

  /** Problems that there are now. */
  get ids(): readonly ProblemId[] {
    return [...this.#active.keys()].sort();
  }

  get level(): 'ok' | 'degraded' | 'failed' {
    if (this.ids.some((id) => FATAL.has(id))) return 'failed';
    return this.#active.size > 0 ? 'degraded' : 'ok';
  }

  /** Tells of all there are once more: for a listener that was not there when they began. */
  repeat(): void {
    for (const [id, alert] of this.#active) this.#onChange(id, alert);
  }

  /** Says what is wrong, in one sentence for people; null: nothing any more. */
  report(id: ProblemId, detail: string | null): void {
    const before = this.#active.get(id);
    if (detail === (before?.detail ?? null)) return;
    if (detail === null) {
      this.#active.delete(id);
      this.#onChange(id, null);
      return;
    }
    const alert: AlertPayload = {
      v: PAYLOAD_VERSION,
      id,
      level: FATAL.has(id) ? 'failed' : 'degraded',
      detail,
      since: before?.since ?? new Date().toISOString(),
    };
    this.#active.set(id, alert);
    this.#onChange(id, alert);
  }
}
