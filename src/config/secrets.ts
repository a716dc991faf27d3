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

/** What the files of certificates hold. */
export interface BrokerCertificates {
  /** PEM text of `mqtt.ca_file`; null: the authorities that Node.js trusts. */
  readonly caPem: string | null;
  /** From `mqtt.cert_file` and `mqtt.key_file`. */
  readonly clientCertificate: ClientCertificate | null;
}

/** What of the connection to the broker does not stand in the configuration itself. */
export interface BrokerSecrets extends BrokerCertificates {
  readonly password: string | null;
  /**
   * Reads the certificates again, as they may have been renewed.
   * @throws ConfigError as `readBrokerSecrets`.
   */
  readonly renewed: () => Promise<BrokerCertificates>;
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
  const { ca_file, cert_file } = mqtt;
  const keyFile = cert_file === null ? null : clientKeyFile(mqtt, credentialsDirectory);
  const renewed = async (): Promise<BrokerCertificates> => ({
    caPem: ca_file === null ? null : await readCertificates(ca_file, 'mqtt.ca_file'),
    clientCertificate:
      cert_file === null || keyFile === null
        ? null
        : await readClientCertificate(cert_file, keyFile),
  });
  const password = await readMqttPassword(mqtt, credentialsDirectory);
  const certificates = await renewed();
  const exposure = keyFile === null ? null : await exposureOf(keyFile);
  return { password, ...certificates, renewed, warnings: exposure === null ? [] : [exposure] };
}

function clientKeyFile(
  { key_file }: Pick<SecretFiles, 'key_file'>,
  credentialsDirectory: string | undefined,
): string {
  const file = key_file ?? credential('mqtt-key', credentialsDirectory);
  if (file !== null) return file;
  const detail = 'is missing: mqtt.cert_file needs its key, here or as the credential mqtt-key';
  throw new ConfigError([{ path: 'mqtt.key_file', detail }]);
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
