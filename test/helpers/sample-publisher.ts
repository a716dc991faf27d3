import type { NodeInfo } from '../../src/domain/node-info.js';
import type { Log } from '../../src/log.js';
import { MqttPublisher } from '../../src/publishing/mqtt-publisher.js';
import type { MqttPublisherOptions } from '../../src/publishing/publisher-options.js';
import { SAMPLE_SETUP } from './sample-setup.js';
import { SAMPLE_MODEL } from './sample-tracks.js';

export const SAMPLE_INFO: NodeInfo = {
  version: '0.1.0',
  bootId: '6f8b2c1e-0000-4000-8000-000000000001',
  startedAtMs: 1_700_000_000_000,
  host: 'test',
  camera: { id: 'porch', source: 'replay', zones: [] },
  labels: ['person', 'dog'],
  model: SAMPLE_MODEL,
  engine: SAMPLE_SETUP,
  configHash: '0123456789ab',
  settings: [],
  capabilities: { commands: ['ping'], images: true, discovery: true, livePage: false },
};

/** Topics of `samplePublisher` begin with this. */
export const ROOT = 'lookout/pi';

/** A publisher as node `pi` with camera `porch`, told all that is known at the start. */
export function samplePublisher(
  url: string,
  log: Log,
  options: Partial<MqttPublisherOptions> = {},
): MqttPublisher {
  const publisher = MqttPublisher.start(
    {
      url,
      username: null,
      password: null,
      clientId: 'lookout-pi',
      protocol: 'auto',
      tls: () => ({ caPem: null, clientCertificate: null, serverName: null }),
      baseTopic: 'lookout',
      nodeId: 'pi',
      cameraId: 'porch',
      frameId: 'porch_optical',
      zones: [],
      bootId: SAMPLE_INFO.bootId,
      eventTtlS: 3600,
      historyTtlS: 86_400,
      liveWindowMs: 10_000,
      isClockSynced: () => null,
      backlog: null,
      manifest: null,
      inbox: null,
      preamble: null,
      ...options,
    },
    log,
  );
  publisher.setState({ kind: 'info', info: SAMPLE_INFO });
  publisher.setState({ kind: 'labels', labels: SAMPLE_INFO.labels });
  publisher.setState({
    kind: 'model',
    state: {
      phase: 'active',
      active: SAMPLE_MODEL,
      previous: null,
      candidate: null,
      error: null,
      sinceMs: 1_700_000_000_000,
    },
  });
  return publisher;
}
