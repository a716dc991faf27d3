import { type EngineReport, listEngines } from '../daemon/engines.js';
import type { CommandContext } from './command-context.js';

/** `lookout engine list`: which engines there are, verified. */
export async function engineListCommand({ options, stdout }: CommandContext): Promise<void> {
  const engines = await listEngines();
  stdout.write(
    options.has('json') ? `${JSON.stringify({ engines }, null, 2)}\n` : listText(engines),
  );
}

function listText(engines: readonly EngineReport[]): string {
  const lines = engines.map(({ name, runtime, file, reason }) => {
    const state = reason === null ? `usable      ${file}` : `not usable  ${reason}`;
    return `${name.padEnd(8)}${(runtime ?? '').padEnd(24)}${state}`;
  });
  return `${lines.join('\n')}\n`;
}
