import type { LoadedConfig } from '../config/load-config.js';
import { type DaemonJob, runDaemon } from './daemon.js';
import { startOpenBroker } from './own-broker.js';
import { dropSettings } from './setting-memory.js';
import { stateFolder } from './state-folder.js';
import { startTail } from './tail.js';

const HOST = '127.0.0.1';
const FIRST_PORT = 1883;
const PORTS = 50;

export interface DemoJob extends Omit<DaemonJob, 'secrets'> {
  readonly print: (line: string) => void;
}

/**
 * The daemon on a drawn scene, with a broker of its own, and what it publishes there in words.
 * @throws Error when none of the ports is free, and as the daemon does.
 */
export async function runDemo({ print, ...job }: DemoJob, signal: AbortSignal): Promise<void> {
  const { log } = job;
  await using broker = await startOpenBroker({ host: HOST, port: FIRST_PORT, tries: PORTS }, log);
  const { port } = broker;
  const withBroker = (loaded: LoadedConfig): LoadedConfig => {
    const mqtt = { ...loaded.config.mqtt, url: `mqtt://${HOST}:${port}`, embedded: false };
    return { ...loaded, config: { ...loaded.config, mqtt } };
  };
  const loaded = withBroker(job.loaded);
  // Whoever has tried the commands begins anew.
  await dropSettings(loaded.config, stateFolder(loaded.config, job.env));
  for (const line of introduction(port, loaded.config.mqtt.base)) print(line);
  const certificates = { caPem: null, clientCertificate: null };
  const renewed = async () => certificates;
  const secrets = { password: null, ...certificates, renewed, warnings: [] };
  await using _tail = startTail({ mqtt: loaded.config.mqtt, secrets, print, complain: print });
  const loadConfig = async (): Promise<LoadedConfig> => withBroker(await job.loadConfig());
  const onLivePage = (url: string): void => print(`The live page: ${url}\n`);
  await runDaemon({ ...job, loaded, loadConfig, secrets, portTries: PORTS, onLivePage }, signal);
}

function introduction(port: number, base: string): string[] {
  const taken = port === FIRST_PORT ? '' : ` (${FIRST_PORT} is taken)`;
  const option = port === FIRST_PORT ? '' : `-p ${port} `;
  return [
    'A drawn scene instead of a camera, the detector that comes with Lookout, and an MQTT broker',
    `of its own on ${HOST}:${port}${taken}. What is published, in words; in a second terminal, as it is:`,
    '',
    `    mosquitto_sub ${option}-v -t '${base}/+/cam/+/event/#'`,
    '',
    'Ctrl-C ends it.',
    '',
  ];
}
