import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

/** A process as /proc tells of it. */
export interface ProcessFacts {
  readonly pid: number;
  readonly command: string;
}

/**
 * Finds every process that was started with a given environment, or by one that was, however
 * orphaned: a variable of its own marks them.
 */
export class ProcessMark {
  readonly #variable = `LOOKOUT_TEST_MARK=${randomUUID()}`;

  /** `env` with the mark. */
  on(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    const [name = '', value] = this.#variable.split('=');
    return { ...env, [name]: value };
  }

  /** Those that live; one that has died and waits for its parent has no environment any more. */
  living(): ProcessFacts[] {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.flatMap((pid) => {
      try {
        const marked = readFileSync(`/proc/${pid}/environ`, 'latin1').includes(this.#variable);
        const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
        return marked ? [{ pid: Number(pid), command }] : [];
      } catch {
        return [];
      }
    });
  }
}
