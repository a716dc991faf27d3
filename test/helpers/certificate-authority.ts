import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** `openssl ca` is the one command of OpenSSL 3.0 that takes dates; it wants this much. */
const CONFIG = `
[ca]
default_ca = here
[here]
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
`;

/** Validity and names of a certificate. */
export interface CertificateRequest {
  /** As in `DNS:localhost,IP:127.0.0.1`; none for a client. */
  readonly names?: string;
  /** Days from now, also negative ones. */
  readonly fromDay?: number;
  readonly toDay?: number;
}

/** A certificate and its key, as files and as text. */
export interface Issued {
  readonly certFile: string;
  readonly keyFile: string;
  readonly certPem: string;
  readonly keyPem: string;
}

/** A CA in a folder of its own, which is made. */
export class CertificateAuthority {
  readonly caPem: string;
  readonly caFile: string;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder);
    for (const [name, content] of [
      ['ca.cnf', CONFIG],
      ['index.txt', ''],
      ['serial', '01'],
    ] as const) {
      writeFileSync(join(folder, name), content);
    }
    this.#openssl('req', '-x509', ...KEY, '-keyout', 'ca.key', '-out', 'ca.pem', ...subject('CA'));
    this.caFile = join(folder, 'ca.pem');
    this.caPem = readFileSync(this.caFile, 'utf8');
  }

  issue(name: string, { names, fromDay = -1, toDay = 30 }: CertificateRequest = {}): Issued {
    const [key, csr, pem] = ['key', 'csr', 'pem'].map((kind) => `${name}.${kind}`) as [
      string,
      string,
      string,
    ];
    this.#openssl('req', ...KEY, '-keyout', key, '-out', csr, ...subject(name));
    const extensions =
      names === undefined ? 'extendedKeyUsage=clientAuth' : `subjectAltName=${names}`;
    writeFileSync(join(this.#folder, `${name}.ext`), extensions);
    const dates = ['-startdate', day(fromDay), '-enddate', day(toDay)];
    const files = ['-in', csr, '-out', pem, '-notext', '-extfile', `${name}.ext`];
    this.#openssl('ca', ...SELF, ...dates, ...files);
    const certFile = join(this.#folder, pem);
    const keyFile = join(this.#folder, key);
    const [certPem, keyPem] = [readFileSync(certFile, 'utf8'), readFileSync(keyFile, 'utf8')];
    return { certFile, keyFile, certPem, keyPem };
  }

  #openssl(...args: readonly string[]): void {
    const done = spawnSync('openssl', args, { cwd: this.#folder });
    assert.equal(done.status, 0, done.stderr.toString());
  }
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
const SELF = ['-batch', '-config', 'ca.cnf', '-cert', 'ca.pem', '-keyfile', 'ca.key'];

function subject(name: string): string[] {
  return ['-subj', `/CN=${name}`];
}

/** A date as `openssl ca` wants it. */
function day(fromNow: number): string {
  const date = new Date(Date.now() + fromNow * 86_400_000).toISOString();
  return `${date.replace(/\D/g, '').slice(0, 14)}Z`;
}
