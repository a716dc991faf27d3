import { once } from 'node:events';
import { readBrokerSecrets } from '../config/secrets.js';
import { startTail } from '../daemon/tail.js';
import type { CommandContext } from './command-context.js';

/** `lookout tail`: what is published at a broker, as a person would like to read it. */
export async function tailCommand(context: CommandContext, signal: AbortSignal): Promise<void> {
  const { config } = await context.loadConfig();
  await using _tail = startTail({
    mqtt: config.mqtt,
    secrets: await readBrokerSecrets(config.mqtt, context.env.CREDENTIALS_DIRECTORY),
    print: (line) => context.stdout.write(`${line}\n`),
    complain: (line) => context.stderr.write(`${line}\n`),
  });
  if (!signal.aborted) await once(signal, 'abort');
}
