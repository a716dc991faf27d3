import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { ConfigError, messageOf } from '../errors.js';
import { quote } from './quote.js';
import type { KeyPath } from './schema.js';
import { readSmallFile, textOf } from './small-file.js';

/** The bundle of all public authorities is a quarter of this. */
const MAX_CERTIFICATE_BYTES = 1 << 20;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs;
const READABLE_BY_ALL = 0o004;

/** A client's certificate and its key, PEM. */
export interface ClientCertificate {
  readonly certPem: string;
  readonly keyPem: string;
}

/**
 * The certificates of a file, every one of them checked: what TLS cannot read it ignores in
 * silence, and the connection then fails for a reason that leads nowhere near the cause.
 * @param key the configuration key that names the file.
 * @throws ConfigError that names the file.
 */
export async function readCertificates(file: string, key: KeyPath): Promise<string> {
  const pem = await readPem(file, key);
  certificatesIn(pem, (detail, cause) => problem(key, file, detail, cause));
  return pem;
}

/**
 * The client's certificate and its key, which belong together.
 * @throws ConfigError that names the files, never what they hold.
 */
export async function readClientCertificate(
  certFile: string,
  keyFile: string,
): Promise<ClientCertificate> {
  const certPem = await readPem(certFile, 'mqtt.cert_file');
  const [own] = certificatesIn(certPem, (detail, cause) =>
    problem('mqtt.cert_file', certFile, detail, cause),
  );
  const keyPem = await readPem(keyFile, 'mqtt.key_file');
  const key = privateKey(keyPem, (detail, cause) =>
    problem('mqtt.key_file', keyFile, detail, cause),
  );
  if (!own.checkPrivateKey(key)) {
    const detail = `it is not the key of the first certificate in ${quote(certFile)}`;
    throw problem('mqtt.key_file', keyFile, detail);
  }
  return { certPem, keyPem };
}

/** A sentence about a secret that everyone on this machine can read; null when all is well. */
export async function exposureOf(file: string): Promise<string | null> {
  const { mode } = await stat(file);
  if ((mode & READABLE_BY_ALL) === 0) return null;
  return `Everyone on this machine can read the key ${quote(file)}: chmod o-r is advised`;
}

type ProblemOf = (detail: string, cause?: unknown) => ConfigError;

function certificatesIn(
  pem: string,
  problemOf: ProblemOf,
): [X509Certificate, ...X509Certificate[]] {
  const blocks = pem.match(CERTIFICATE) ?? [];
  const certificates = blocks.map((block, index) => {
    try {
      return new X509Certificate(block);
    } catch (cause) {
      throw problemOf(`its certificate number ${index + 1} is damaged`, cause);
    }
  });
  const [first, ...others] = certificates;
  if (!first) {
    throw problemOf('no certificate in it, expected PEM text with "-----BEGIN CERTIFICATE-----"');
  }
  return [first, ...others];
}

function privateKey(pem: string, problemOf: ProblemOf): KeyObject {
  if (pem.includes('ENCRYPTED')) {
    throw problemOf('it is encrypted, expected a key without a passphrase');
  }
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw problemOf('no key in it, expected PEM text with "-----BEGIN PRIVATE KEY-----"', cause);
  }
}

async function readPem(file: string, key: KeyPath): Promise<string> {
  try {
    return textOf(await readSmallFile(file, MAX_CERTIFICATE_BYTES));
  } catch (cause) {
    throw new ConfigError(
      [{ path: key, detail: `Cannot read ${quote(file)}: ${messageOf(cause)}` }],
      { cause },
    );
  }
}

function problem(path: KeyPath, file: string, detail: string, cause?: unknown): ConfigError {
  return new ConfigError([{ path, detail: `Cannot use ${quote(file)}: ${detail}` }], { cause });
}
