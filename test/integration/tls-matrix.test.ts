import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import type { ClientCertificate, TlsOptions } from '../../src/publishing/open-stream.js';
import { Subscription } from '../../src/tailing/subscription.js';
import { noOpenssl } from '../helpers/certificate.js';
import { CertificateAuthority, type Issued } from '../helpers/certificate-authority.js';
import { eventually } from '../helpers/eventually.js';
import { freePort } from '../helpers/free-port.js';
import { Mosquitto, noMosquitto } from '../helpers/mosquitto.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { RecordingProxy } from '../helpers/recording-proxy.js';
import { PROJECT_ROOT } from '../helpers/reference-data.js';
import { samplePublisher } from '../helpers/sample-publisher.js';
import { tlsRecords } from '../helpers/tls-records.js';

const USER = 'lookout-user';
const PASSWORD = 'very-secret';
const NO_TLS: TlsOptions = { caPem: null, clientCertificate: null, serverName: null };

/** What listens, by name; each has a port of its own. */
type Listener =
  | 'plain'
  | 'good'
  | 'expired'
  | 'not yet valid'
  | 'other.lan'
  | 'client certificate'
  | 'client certificate, TLS 1.2'
  | 'ws'
  | 'wss';

interface Case {
  readonly name: string;
  readonly scheme: 'mqtt' | 'mqtts' | 'ws' | 'wss';
  readonly to: Listener;
  readonly tls?: () => Partial<TlsOptions>;
  /** What the log says; absent: the connection comes about. */
  readonly says?: RegExp;
}

let folder = '';
let ca: CertificateAuthority;
let otherCa: CertificateAuthority;
let client: Issued;
let foreignClient: Issued;
const certificate = ({ certPem, keyPem }: Issued): ClientCertificate => ({ certPem, keyPem });
const known = (more: Partial<TlsOptions> = {}) => ({ caPem: ca.caPem, ...more });

const UNKNOWN_CA = /^error .*certificate is not signed by a known CA, is mqtt\.ca_file right\?/;
const NO_TLS_THERE = /does the port in mqtt\.url speak TLS\?/;
const WRONG_NAME = /is not for "localhost" but for DNS:other\.lan, set mqtt\.server_name/;

const CASES: readonly Case[] = [
  { name: 'right CA', scheme: 'mqtts', to: 'good', tls: known },
  {
    name: 'wrong CA',
    scheme: 'mqtts',
    to: 'good',
    tls: () => ({ caPem: otherCa.caPem }),
    says: UNKNOWN_CA,
  },
  { name: 'no CA named', scheme: 'mqtts', to: 'good', says: UNKNOWN_CA },
  { name: 'expired', scheme: 'mqtts', to: 'expired', tls: known, says: /^error .*has expired/ },
  {
    name: 'not yet valid',
    scheme: 'mqtts',
    to: 'not yet valid',
    tls: known,
    says: /not valid yet: this machine's clock says \d{4}-\d\d-\d\d and may be wrong/,
  },
  { name: 'wrong name', scheme: 'mqtts', to: 'other.lan', tls: known, says: WRONG_NAME },
  {
    name: 'wrong name, server_name right',
    scheme: 'mqtts',
    to: 'other.lan',
    tls: () => known({ serverName: 'other.lan' }),
  },
  {
    name: 'right name, server_name wrong',
    scheme: 'mqtts',
    to: 'good',
    tls: () => known({ serverName: 'other.lan' }),
    says: /is not for "other\.lan" but for DNS:localhost, IP Address:127\.0\.0\.1/,
  },
  {
    name: 'an address as server_name',
    scheme: 'mqtts',
    to: 'good',
    tls: () => known({ serverName: '127.0.0.1' }),
  },
  {
    name: 'no client certificate',
    scheme: 'mqtts',
    to: 'client certificate',
    tls: known,
    says: /mqtt\.cert_file/,
  },
  {
    name: 'no client certificate, TLS 1.2',
    scheme: 'mqtts',
    to: 'client certificate, TLS 1.2',
    tls: known,
    says: /^error .*demands a client certificate, set mqtt\.cert_file and mqtt\.key_file/,
  },
  {
    name: 'right client certificate',
    scheme: 'mqtts',
    to: 'client certificate',
    tls: () => known({ clientCertificate: certificate(client) }),
  },
  {
    name: 'client certificate of another CA',
    scheme: 'mqtts',
    to: 'client certificate',
    tls: () => known({ clientCertificate: certificate(foreignClient) }),
    says: /mqtt\.cert_file/,
  },
  { name: 'mqtts to a plain port', scheme: 'mqtts', to: 'plain', tls: known, says: NO_TLS_THERE },
  { name: 'mqtt to a TLS port', scheme: 'mqtt', to: 'good', says: /TLS/ },
  { name: 'plain', scheme: 'mqtt', to: 'plain' },
  { name: 'websocket', scheme: 'ws', to: 'ws' },
  { name: 'secure websocket', scheme: 'wss', to: 'wss', tls: known },
  { name: 'secure websocket, no CA named', scheme: 'wss', to: 'wss', says: UNKNOWN_CA },
  { name: 'wss to a ws port', scheme: 'wss', to: 'ws', tls: known, says: NO_TLS_THERE },
  { name: 'ws to a wss port', scheme: 'ws', to: 'wss', says: /speak websockets \(ws\)\?/ },
  { name: 'ws to a plain port', scheme: 'ws', to: 'plain', says: /speak websockets \(ws\)\?/ },
  {
    name: 'wss to an mqtts port',
    scheme: 'wss',
    to: 'good',
    tls: known,
    says: /speak websockets over TLS \(wss\)\?/,
  },
  { name: 'mqtts to a wss port', scheme: 'mqtts', to: 'wss', tls: known, says: /speaks HTTP/ },
  { name: 'mqtt to a ws port', scheme: 'mqtt', to: 'ws', says: /speaks HTTP.*ws:\/\// },
];

describe('the TLS matrix', { skip: noMosquitto || noOpenssl, timeout: 120_000 }, () => {
  const ports = new Map<Listener, number>();
  const table: string[] = [];
  let broker: Mosquitto;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lookout-tls-'));
    ca = new CertificateAuthority(join(folder, 'ca'));
    otherCa = new CertificateAuthority(join(folder, 'other-ca'));
    client = ca.issue('lookout');
    foreignClient = otherCa.issue('lookout');
    const names = 'DNS:localhost,IP:127.0.0.1';
    const good = ca.issue('good', { names });
    const demand = [`cafile ${ca.caFile}`, 'require_certificate true'];
    const listeners: readonly [Listener, readonly string[]][] = [
      ['good', served(good)],
      ['expired', served(ca.issue('expired', { names, fromDay: -9, toDay: -2 }))],
      ['not yet valid', served(ca.issue('not-yet', { names, fromDay: 2, toDay: 9 }))],
      ['other.lan', served(ca.issue('other', { names: 'DNS:other.lan' }))],
      ['client certificate', [...served(good), ...demand]],
      ['client certificate, TLS 1.2', [...served(good), ...demand, 'tls_version tlsv1.2']],
      ['ws', ['protocol websockets']],
      ['wss', [...served(good), 'protocol websockets']],
    ];
    const config: string[] = [];
    for (const [name, lines] of listeners) {
      const port = await freePort();
      ports.set(name, port);
      config.push(`listener ${port} 127.0.0.1`, ...lines);
    }
    // The broker reads its keys as a user of its own.
    spawnSync('chmod', ['-R', 'a+rX', folder]);
    broker = await Mosquitto.start({ config });
    ports.set('plain', broker.port);
  });
  after(async () => {
    await broker?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  function served({ certFile, keyFile }: Issued): string[] {
    return [`certfile ${certFile}`, `keyfile ${keyFile}`];
  }

  for (const { name, scheme, to, tls, says } of CASES) {
    it(`${says ? 'tells' : 'connects'}: ${name}`, async () => {
      await using proxy = await RecordingProxy.start(ports.get(to) ?? 0);
      const log = new RecordingLog();
      const url = `${scheme}://${USER}:${PASSWORD}@localhost:${proxy.port}`;
      const options = { tls: () => ({ ...NO_TLS, ...tls?.() }) };
      {
        await using publisher = samplePublisher(url, log, options);
        await eventually('an end', () => log.lines.length > 0);
        if (!says) await eventually('published', () => publisher.counters.published > 10);
        assert.equal(publisher.counters.connectedSinceMs === null, says !== undefined);
      }
      const said = log.lines[0] ?? '';
      table.push(`${name} | ${scheme} | ${said.replace(`localhost:${proxy.port}`, 'HOST')}`);
      assert.match(said, says ?? /^info Connected to the broker/);
      assert.doesNotMatch(log.lines.join(), new RegExp(PASSWORD));
      if (scheme === 'mqtts' || scheme === 'wss') assertNothingInClear(proxy.sent);
    });
  }

  it('prints what is said', (t: TestContext) => {
    assert.equal(table.length, CASES.length);
    for (const row of table) t.diagnostic(row);
  });

  it('sends nothing, not even encrypted, to a broker that is not the right one', async (t) => {
    // Whatever the environment says.
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    t.after(() => {
      if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
    });
    const { certPem: cert, keyPem: key } = otherCa.issue('impostor', { names: 'DNS:localhost' });
    for (const scheme of ['mqtts', 'wss']) {
      const heard: Buffer[] = [];
      let connections = 0;
      const impostor = createTlsServer({ cert, key }, (socket) => {
        connections += 1;
        socket.on('data', (data: Buffer) => heard.push(data)).on('error', () => {});
      }).listen(0, '127.0.0.1');
      await once(impostor, 'listening');
      const address = impostor.address();
      assert.ok(address !== null && typeof address === 'object');
      const log = new RecordingLog();
      const url = `${scheme}://${USER}:${PASSWORD}@localhost:${address.port}/token`;
      {
        await using _publisher = samplePublisher(url, log, {
          tls: () => ({ ...NO_TLS, ...known() }),
        });
        await eventually('refused', () => log.lines.length > 0);
      }
      assert.match(log.lines[0] ?? '', UNKNOWN_CA);
      // The server has ended every conversation, so nothing more can be heard.
      impostor.close();
      await once(impostor, 'close');
      assert.deepEqual(heard, []);
      t.diagnostic(`${scheme}: ${connections} handshakes completed by the impostor, 0 bytes heard`);
    }
  });

  it('holds for `lookout tail` too', async () => {
    const links: string[] = [];
    const port = ports.get('client certificate') ?? 0;
    const hear = (tls: TlsOptions) =>
      Subscription.start({
        endpoint: { host: 'localhost', port, tls, path: null },
        username: null,
        password: null,
        filter: '#',
        onMessage: () => {},
        onLink: (state) => links.push(state),
      });
    {
      await using _refused = hear({ ...NO_TLS, ...known() });
      await eventually('refused', () => links.some((state) => /mqtt\.cert_file/.test(state)));
    }
    await using _heard = hear({ ...NO_TLS, ...known({ clientCertificate: certificate(client) }) });
    await eventually('connected', () => links.at(-1) === 'connected');
  });

  it('names the HTTP status of a server without websockets', async () => {
    const server = createHttpServer((_request, response) => {
      response.writeHead(404).end();
    });
    server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 404 Not Found\r\n\r\n'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    const log = new RecordingLog();
    {
      await using _publisher = samplePublisher(`ws://localhost:${address.port}/no`, log);
      await eventually('refused', () => log.lines.length > 0);
    }
    assert.match(
      log.lines[0] ?? '',
      /ws:\/\/localhost:\d+\/no": .*HTTP status 404.*mqtt\.url right/,
    );
    server.close();
  });

  it('holds with the commands and the configuration of docs/security.md', async () => {
    const page = readFileSync(join(PROJECT_ROOT, 'docs', 'security.md'), 'utf8');
    const [commands = ''] = blocks(page, 'sh');
    const [config = ''] = blocks(page, '');
    const certs = join(folder, 'documented');
    mkdirSync(certs);
    const here = commands
      .replaceAll('broker.lan', 'localhost')
      .replace('192.168.1.10', '127.0.0.1');
    const made = spawnSync('sh', ['-eu', '-c', here], { cwd: certs });
    assert.equal(made.status, 0, made.stderr.toString());
    spawnSync('chmod', ['-R', 'a+rX', certs]);
    const port = await freePort();
    const lines = config
      .replaceAll('/etc/mosquitto/certs', certs)
      .replace('listener 8883', `listener ${port} 127.0.0.1`);
    await using _broker = await Mosquitto.start({ config: lines.split('\n') });
    const pem = (name: string) => readFileSync(join(certs, name), 'utf8');
    const clientCertificate = { certPem: pem('lookout-pi.pem'), keyPem: pem('lookout-pi.key') };
    const tls = { caPem: pem('ca.pem'), clientCertificate, serverName: null };
    for (const host of ['localhost', '127.0.0.1']) {
      await using publisher = samplePublisher(`mqtts://${host}:${port}`, new RecordingLog(), {
        tls: () => tls,
      });
      await eventually('published', () => publisher.counters.published > 10);
    }
  });
});

/** The fenced blocks of a Markdown page in this language. */
function blocks(page: string, language: string): string[] {
  const fences = page.matchAll(/^```(\w*)\n(.*?)^```$/gms);
  return [...fences].filter(([, name]) => name === language).map(([, , text = '']) => text);
}

function assertNothingInClear(sent: readonly Buffer[]): void {
  assert.ok(sent.length > 0);
  for (const bytes of sent) {
    assert.equal(tlsRecords(bytes)[0], 'handshake');
    for (const secret of ['MQTT', USER, PASSWORD, 'lookout-pi', 'Sec-WebSocket']) {
      assert.ok(!bytes.includes(secret), `"${secret}" was sent in clear`);
    }
  }
}
