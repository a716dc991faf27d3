import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, messageOf } from '../errors.js';
import {
  type ClientCertificate,
  exposureOf,
  readCertificates,
  readClientCertificate,
} from './certificates.js';
import { quote } from './quote.js';
import type { Config } from './schema.js';
import { readSmallFile, textOf } from './small-file.js';

const MAX_PASSWORD_BYTES = 4096;

/** What of the connection to the broker does not stand in the configuration itself. */
export interface BrokerSecrets {
  readonly password: string | null;
  /** PEM text of `mqtt.ca_file`; null: the authorities that Node.js trusts. */
  readonly caPem: string | null;
  /** From `mqtt.cert_file` and `mqtt.key_file`. */
  readonly clientCertificate: ClientCertificate | null;
  /** Sentences about what is not wrong but unwise. */
  readonly warnings: readonly string[];
}

/** The keys that name the files. */
export type SecretFiles = Pick<
  Config['mqtt'],
  'password_file' | 'ca_file' | 'cert_file' | 'key_file'
>;

/**
 * Reads the files that the section `mqtt` names.
 * @param credentialsDirectory $CREDENTIALS_DIRECTORY, see systemd.exec(5).
 * @throws ConfigError that names the file, never what it holds.
 */
export async function readBrokerSecrets(
  mqtt: SecretFiles,
  credentialsDirectory: string | undefined,
): Promise<BrokerSecrets> {
  const { ca_file } = mqtt;
  return {
    password: await readMqttPassword(mqtt, credentialsDirectory),
    caPem: ca_file === null ? null : await readCertificates(ca_file, 'mqtt.ca_file'),
    ...(await clientCertificate(mqtt, credentialsDirectory)),
  };
}

async function clientCertificate(
  { cert_file, key_file }: SecretFiles,
  credentialsDirectory: string | undefined,
): Promise<Pick<BrokerSecrets, 'clientCertificate' | 'warnings'>> {
  if (cert_file === null) return { clientCertificate: null, warnings: [] };
  const keyFile = key_file ?? credential('mqtt-key', credentialsDirectory);
  if (keyFile === null) {
    const detail = 'is missing: mqtt.cert_file needs its key, here or as the credential mqtt-key';
    throw new ConfigError([{ path: 'mqtt.key_file', detail }]);
  }
  const pair = await readClientCertificate(cert_file, keyFile);
  const exposure = await exposureOf(keyFile);
  return { clientCertificate: pair, warnings: exposure === null ? [] : [exposure] };
}

/** The file of one of systemd's credentials; null when there is none of this name. */
function credential(name: string, directory: string | undefined): string | null {
  if (!directory) return null;
  const file = join(directory, name);
  return existsSync(file) ? file : null;
}

/**
 * The broker's password: from `mqtt.password_file`, else from systemd's credential
 * `mqtt-password`, else null. One line end after it is cut off.
 * @param credentialsDirectory $CREDENTIALS_DIRECTORY, see systemd.exec(5).
 * @throws ConfigError that names the file, never what it holds.
 */
export async function readMqttPassword(
  mqtt: Pick<Config['mqtt'], 'password_file'>,
  credentialsDirectory: string | undefined,
): Promise<string | null> {
  const file = mqtt.password_file ?? credential('mqtt-password', credentialsDirectory);
  return file === null ? null : await passwordIn(file);
}

async function passwordIn(file: string): Promise<string> {
  const problem = (detail: string, cause?: unknown) =>
    new ConfigError(
      [{ path: 'mqtt.password_file', detail: `Cannot read ${quote(file)}: ${detail}` }],
      { cause },
    );
  let text: string;
  try {
    text = textOf(await readSmallFile(file, MAX_PASSWORD_BYTES));
  } catch (error) {
    throw problem(messageOf(error), error);
  }
  const password = text.replace(/\r?\n$/, '');
  if (password === '') throw problem('it is empty');
  return password;
}
