import type { CommandPolicy } from '../commands/command-policy.js';
import type { CommandRouter } from '../commands/command-router.js';
import type { Config } from '../config/schema.js';
import type { BrokerSecrets } from '../config/secrets.js';
import type { AdjustableLog } from '../log/create-log.js';
import { type CommandedParts, commandHandlers } from './command-handlers.js';
import type { LatestHealth } from './latest-health.js';
import type { MqttSide } from './mqtt-side.js';
import { clearLeftovers } from './mqtt-wiring.js';
import { startRemoteControl } from './remote-control.js';
import type { SettingMemory } from './setting-memory.js';

/** What is made of other parts here. */
type MadeHere = 'cameraId' | 'announce' | 'clearRetained' | 'health' | 'restart' | 'setLogLevel';

/** What the daemon has that commands act upon or are judged by. */
export interface CommandParts extends Omit<CommandedParts, MadeHere> {
  readonly config: Config;
  readonly secrets: BrokerSecrets;
  readonly policy: CommandPolicy;
  readonly memory: SettingMemory;
  readonly mqtt: MqttSide['mqtt'];
  readonly health: LatestHealth;
  /** Is aborted when the process is to end so that it is started again. */
  readonly restart: AbortController;
}

/** Takes commands and has them carried out; none comes before its `receive` is called. */
export function startCommands(parts: CommandParts, log: AdjustableLog): CommandRouter {
  const { config, secrets, policy, memory, mqtt, health, restart } = parts;
  const handlers = commandHandlers({
    ...parts,
    cameraId: config.camera.id,
    announce: () => mqtt.announce(),
    clearRetained: () => clearLeftovers(config, secrets, mqtt, log),
    health: () => health.latest,
    restart: () => restart.abort(),
    setLogLevel: (level) => log.setLevel(level),
  });
  return startRemoteControl(
    { ...config, policy, memory, isClockRight: () => health.isClockSynced !== false },
    handlers,
    (reply) => mqtt.reply(reply),
    log,
  );
}
