import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, messageOf } from '../errors.js';
import { quote } from './quote.js';
import type { Config } from './schema.js';
import { readSmallFile, textOf } from './small-file.js';

const MAX_PASSWORD_BYTES = 4096;
/** The bundle of all public authorities is a quarter of this. */
const MAX_CERTIFICATE_BYTES = 1 << 20;

/** What of the connection to the broker does not stand in the configuration itself. */
export interface BrokerSecrets {
  readonly password: string | null;
  /** PEM text of `mqtt.ca_file`; null: the system's certificates. */
  readonly caPem: string | null;
}

/**
 * Reads the files that the section `mqtt` names.
 * @param credentialsDirectory $CREDENTIALS_DIRECTORY, see systemd.exec(5).
 * @throws ConfigError that names the file, never what it holds.
 */
export async function readBrokerSecrets(
  mqtt: Pick<Config['mqtt'], 'password_file' | 'ca_file'>,
  credentialsDirectory: string | undefined,
): Promise<BrokerSecrets> {
  return {
    password: await readMqttPassword(mqtt, credentialsDirectory),
    caPem: mqtt.ca_file === null ? null : await readCertificates(mqtt.ca_file),
  };
}

async function readCertificates(file: string): Promise<string> {
  try {
    return textOf(await readSmallFile(file, MAX_CERTIFICATE_BYTES));
  } catch (cause) {
    const detail = `Cannot read ${quote(file)}: ${messageOf(cause)}`;
    throw new ConfigError([{ path: 'mqtt.ca_file', detail }], { cause });
  }
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
  if (mqtt.password_file !== null) return await passwordIn(mqtt.password_file);
  if (!credentialsDirectory) return null;
  const credential = join(credentialsDirectory, 'mqtt-password');
  return existsSync(credential) ? await passwordIn(credential) : null;
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
