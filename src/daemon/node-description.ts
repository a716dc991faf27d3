import { isAllowed } from '../commands/command-policy.js';
import { COMMAND_NAMES } from '../commands/command-table.js';
import type { Config } from '../config/schema.js';
import { zonesOf } from '../config/zone-list.js';
import type { NodeInfo } from '../domain/node-info.js';
import { describeHost } from './host.js';
import { commandPolicy } from './remote-control.js';

/** What is told of this node whatever model it runs; as it was started. */
export function describeNode(
  config: Pick<Config, 'camera' | 'zones' | 'commands' | 'images' | 'discovery' | 'http'>,
): Pick<NodeInfo, 'host' | 'camera' | 'capabilities'> {
  const { camera, zones, images, discovery, http } = config;
  const policy = commandPolicy(config);
  return {
    host: describeHost(),
    camera: { id: camera.id, source: camera.source, zones: zonesOf(zones).map(({ id }) => id) },
    capabilities: {
      commands: COMMAND_NAMES.filter((name) => isAllowed(name, policy)),
      images: images !== 'none',
      discovery: discovery.enabled,
      livePage: http.enabled,
    },
  };
}
