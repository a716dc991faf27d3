import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../errors.js';
import { basicAuthorization, type NetworkSettings } from './connection.js';
import { PROJECT } from './library-pin.js';
import type { PipOptions } from './pip-options.js';
import { proxyRules } from './proxy.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** What pip itself uses where nothing is configured. */
const DEFAULT_INDEX = 'https://pypi.org/simple';
const DEFAULT_TIMEOUT_S = 15;
/** System-wide CA certificates of Debian; private authorities are added there. */
const SYSTEM_CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/** Where a wheel may be: in a folder, or on a page that links to it. */
export type Place =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'page'; readonly url: URL };

/** Where to look, in this order (folders first, which need no network), and how to get there. */
export interface IndexSettings {
  readonly places: readonly Place[];
  readonly network: NetworkSettings;
}

/**
 * Makes of pip's options what is needed to get one wheel.
 * @throws Error when an option cannot be used; what it holds is left out where it may be secret.
 */
export async function indexSettings(options: PipOptions, env: Environment): Promise<IndexSettings> {
  const credentials = new Map<string, string>();
  const indexes = isTrue(options.get('no-index'))
    ? []
    : [options.get('index-url') ?? DEFAULT_INDEX, ...listOf(options, 'extra-index-url')];
  const timeoutS = Number(options.get('timeout') ?? options.get('default-timeout'));
  return {
    places: [
      ...listOf(options, 'find-links').map((text) => placeOf(text, '', 'find-links', credentials)),
      ...indexes.map((text) => placeOf(text, PROJECT, 'index-url', credentials)),
    ].sort((a, b) => a.kind.localeCompare(b.kind)),
    network: {
      silenceMs: (timeoutS > 0 ? timeoutS : DEFAULT_TIMEOUT_S) * 1000,
      caPem: await readCertificates(options, env),
      trustedHosts: new Set(listOf(options, 'trusted-host')),
      proxies: proxyRules(options.get('proxy'), env),
      credentials,
    },
  };
}

/** Takes user and password out of a URL and keeps them under its origin. */
function placeOf(
  text: string,
  folder: string,
  option: string,
  credentials: Map<string, string>,
): Place {
  if (!URL.canParse(text)) return { kind: 'folder', path: join(text, folder) };
  const url = new URL(text);
  if (url.protocol === 'file:') return { kind: 'folder', path: join(fileURLToPath(url), folder) };
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new Error(`Cannot use pip's ${option}: found ${url.protocol}, expected https: or http:`);
  }
  if (url.username !== '') credentials.set(url.origin, basicAuthorization(url));
  url.username = '';
  url.password = '';
  if (folder !== '') url.pathname = `${url.pathname.replace(/\/$/, '')}/${folder}/`;
  return { kind: 'page', url };
}

async function readCertificates(options: PipOptions, env: Environment): Promise<string | null> {
  const named =
    options.get('cert') || env.REQUESTS_CA_BUNDLE || env.CURL_CA_BUNDLE || env.SSL_CERT_FILE;
  try {
    return await readFile(named || SYSTEM_CERTIFICATES, 'utf8');
  } catch (cause) {
    if (!named) return null;
    throw new Error(`Cannot read CA certificates "${named}": ${messageOf(cause)}`, { cause });
  }
}

function listOf(options: PipOptions, name: string): readonly string[] {
  return (options.get(name) ?? '').split(/\s+/).filter((item) => item !== '');
}

function isTrue(text: string | undefined): boolean {
  return /^(y|yes|t|true|on|1)$/i.test(text ?? '');
}
