import { fileURLToPath } from 'node:url';
import { runDemo } from '../daemon/demo.js';
import type { CommandContext } from './command-context.js';
import { commandLog } from './command-log.js';

const MODEL = fileURLToPath(new URL('../../../models/lookout-demo.tflite', import.meta.url));

/** What the demo takes unless an argument says otherwise. */
const PRESETS = new Map([
  ['node', 'demo'],
  ['camera.source', 'synthetic'],
  ['camera.fps', '15'],
  ['camera.seed', '2'],
  ['model.file', MODEL],
  ['http.enabled', 'true'],
  ['discovery.enabled', 'false'],
  ['log.level', 'warn'],
]);

/** `lookout demo`: everything at work on one machine, without camera, broker or configuration. */
export async function demoCommand(context: CommandContext, signal: AbortSignal): Promise<void> {
  const loadConfig = () => context.loadConfig(['model.file'], PRESETS);
  const loaded = await loadConfig();
  await runDemo(
    {
      version: context.version,
      loaded,
      loadConfig,
      env: context.env,
      log: commandLog(context, loaded.config),
      onReload: (listener) => context.onReload(listener),
      print: (line) => context.stdout.write(`${line}\n`),
    },
    signal,
  );
}
