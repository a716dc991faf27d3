import { configHash } from '../config/config-hash.js';
import type { LoadedConfig } from '../config/load-config.js';
import { zonesOf } from '../config/zone-list.js';
import type { NodeInfo } from '../domain/node-info.js';
import { describeHost } from './host.js';

/** What is told of this node whatever model it runs. */
export function describeNode(
  loaded: LoadedConfig,
): Pick<NodeInfo, 'host' | 'camera' | 'configHash'> {
  const { camera, zones } = loaded.config;
  return {
    host: describeHost(),
    camera: { id: camera.id, source: camera.source, zones: zonesOf(zones).map(({ id }) => id) },
    configHash: configHash(loaded),
  };
}
