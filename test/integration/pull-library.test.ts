import assert from 'node:assert/strict';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import type { RequestListener } from 'node:http';
import { dirname, join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { describe, it } from 'node:test';
import type { LibraryPin } from '../../src/engine-library/library-pin.js';
import type { WantedLibrary } from '../../src/engine-library/library-state.js';
import { type PullRequest, pullLibrary } from '../../src/engine-library/pull-library.js';
import { makeCertificate, noOpenssl } from '../helpers/certificate.js';
import { eventually } from '../helpers/eventually.js';
import { localIndex, sendFile } from '../helpers/local-index.js';
import { startProxy } from '../helpers/local-proxy.js';
import { LocalServer } from '../helpers/local-server.js';
import { elfFile, smallWheel } from '../helpers/small-wheel.js';
import { tempFolder } from '../helpers/temp-folder.js';

const FOLDER = tempFolder();
const WHEEL = smallWheel();
const never = new AbortController().signal;
const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;

let places = 0;

/** A place where no library is yet. */
function wanted(pin: LibraryPin = WHEEL.pin): WantedLibrary {
  places += 1;
  const file = join(FOLDER, `place-${places}`, 'litert', 'libLiteRt.so');
  return { file, pin, platform: { arch: 'x64', glibc: '2.36' } };
}

/** A request whose index is this one; nothing of this machine's own configuration counts. */
function requestFor(origin: string, env: Record<string, string> = {}): PullRequest {
  return {
    wanted: wanted(),
    from: null,
    env: { PIP_CONFIG_FILE: '/dev/null', PIP_INDEX_URL: `${origin}/simple`, ...env },
    timeoutMs: 20_000,
  };
}

async function assertPulled(request: PullRequest): Promise<void> {
  assert.equal((await pullLibrary(request, never)).kind, 'verified');
  assert.deepEqual(readFileSync(request.wanted.file), WHEEL.library);
  assert.deepEqual(readdirSync(dirname(request.wanted.file)), ['libLiteRt.so']);
}

async function assertRefused(request: PullRequest, expected: RegExp): Promise<void> {
  await assert.rejects(pullLibrary(request, never), (error: Error) => {
    assert.match(error.message, expected);
    assert.doesNotMatch(error.stack ?? '', /secret/);
    return true;
  });
  assert.deepEqual(readdirSync(dirname(request.wanted.file)), []);
}

/** A listener that deals with the wheel itself in another way than an index does. */
function withFile(listener: RequestListener): RequestListener {
  const index = localIndex(WHEEL);
  return (request, response) => {
    (request.url?.includes('/files/') ? listener : index)(request, response);
  };
}

describe('pullLibrary()', { timeout: 60_000, concurrency: 4 }, () => {
  it('fetches of the wheel only the part that is the library', async () => {
    await using index = await LocalServer.start(localIndex(WHEEL));
    const request = requestFor(index.origin);
    const result = await pullLibrary(request, never);
    assert.deepEqual(result, {
      kind: 'verified',
      libraryFile: request.wanted.file,
      version: '9.9.9',
      from: `127.0.0.1:${index.port}`,
    });
    assert.deepEqual(readFileSync(request.wanted.file), WHEEL.library);
    assert.equal(statSync(request.wanted.file).mode & 0o444, 0o444);
    const { offset, packedBytes } = WHEEL.pin;
    assert.deepEqual(
      index.requests.map(({ url, headers }) => [url, headers.range]),
      [
        ['/simple/ai-edge-litert/', undefined],
        [`/files/${WHEEL.pin.wheel}`, `bytes=${offset}-${offset + packedBytes - 1}`],
      ],
    );
  });

  it('does nothing when the library is there', async () => {
    await using index = await LocalServer.start(localIndex(WHEEL));
    const request = requestFor(index.origin);
    await assertPulled(request);
    const before = index.requests.length;
    const result = await pullLibrary(request, never);
    assert.ok(result.kind === 'verified' && result.from === null);
    assert.equal(index.requests.length, before);
  });

  it('replaces what is not the library', async () => {
    await using index = await LocalServer.start(localIndex(WHEEL));
    const request = requestFor(index.origin);
    mkdirSync(dirname(request.wanted.file), { recursive: true });
    const changed = Buffer.from(WHEEL.library);
    changed.writeUInt8(changed.readUInt8(1000) ^ 1, 1000);
    for (const bad of [
      changed,
      WHEEL.library.subarray(0, 1000),
      elfFile(183, 1000),
      Buffer.alloc(0),
    ]) {
      writeFileSync(request.wanted.file, bad);
      await assertPulled(request);
    }
  });

  it('reads a whole wheel no further than to the end of the library', async () => {
    let sentBytes = 0;
    let isOver = false;
    function* parts(): Generator<Buffer> {
      for (; sentBytes < WHEEL.bytes.byteLength; sentBytes += 65_536) {
        yield WHEEL.bytes.subarray(sentBytes, sentBytes + 65_536);
      }
    }
    await using index = await LocalServer.start(
      withFile((_, response) => {
        pipeline(Readable.from(parts()), response, () => {
          isOver = true;
        });
      }),
    );
    await assertPulled(requestFor(index.origin));
    await eventually('the client hangs up', () => isOver);
    assert.ok(sentBytes < WHEEL.bytes.byteLength / 2, `${sentBytes} bytes were fetched`);
  });

  for (const [what, status, contentRange] of [
    ['refuses', 416, null],
    ['does not understand', 400, null],
    ['answers with another part than', 206, 'bytes 0-9/10'],
    ['does not say which part it gives for', 206, null],
  ] as const) {
    it(`asks for the whole where the server ${what} a range`, async () => {
      await using index = await LocalServer.start(
        withFile((request, response) => {
          if (!request.headers.range) return sendFile(response, WHEEL.bytes);
          if (contentRange) response.setHeader('content-range', contentRange);
          response.writeHead(status).end('something!');
        }),
      );
      await assertPulled(requestFor(index.origin));
    });
  }

  it('understands an index that answers in JSON', async () => {
    await using index = await LocalServer.start(localIndex(WHEEL, { json: true }));
    await assertPulled(requestFor(index.origin));
    assert.match(index.requests[0]?.headers.accept ?? '', /vnd\.pypi\.simple\.v1\+json/);
  });

  it('follows redirects, and links to other hosts, but gives its password to none of them', async () => {
    await using files = await LocalServer.start(localIndex(WHEEL));
    const authorization = basic('us@r:secret');
    const listener = localIndex(WHEEL, { fileOrigin: files.origin, authorization });
    await using index = await LocalServer.start((request, response) => {
      if (!request.url?.startsWith('/old/')) return listener(request, response);
      response.writeHead(302, { location: request.url.slice('/old'.length) }).end();
    });
    const origin = index.origin.replace('//', '//us%40r:secret@');
    await assertPulled(requestFor(`${origin}/old`));
    assert.equal(index.requests[0]?.headers.authorization, authorization);
    assert.equal(index.requests[1]?.headers.authorization, authorization);
    assert.equal(files.requests[0]?.headers.authorization, undefined);
  });

  it('never shows the password of an index', async () => {
    await using index = await LocalServer.start(localIndex(WHEEL, { authorization: 'other' }));
    const origin = index.origin.replace('//', '//user:secret@');
    await assertRefused(requestFor(origin), /^Cannot fetch LiteRT 9\.9\.9: "127.*": status 401$/);
  });

  it('gives up after five redirects', async () => {
    await using index = await LocalServer.start((request, response) => {
      response.writeHead(301, { location: `${request.url}x` }).end();
    });
    await assertRefused(requestFor(index.origin), /more than 5 redirects$/);
    assert.equal(index.requests.length, 6);
  });

  it('refuses a wheel of which the index says that it is another one', async () => {
    const sha256 = '0'.repeat(64);
    await using index = await LocalServer.start(localIndex(WHEEL, { sha256 }));
    await assertRefused(requestFor(index.origin), /another ai_edge.*SHA-256 0{64}, expected /);
    assert.equal(index.requests.length, 1);
  });

  it('refuses a library that is another one', async () => {
    const other = smallWheel();
    await using index = await LocalServer.start(
      withFile((request, response) => sendFile(response, other.bytes, request.headers.range)),
    );
    await assertRefused(requestFor(index.origin), /does not hold LiteRT 9\.9\.9/);
  });

  it('unpacks no more than the library should take', async () => {
    await using index = await LocalServer.start(localIndex(WHEEL));
    const request = requestFor(index.origin);
    const pin = { ...WHEEL.pin, bytes: 1000 };
    await assertRefused(
      { ...request, wanted: wanted(pin) },
      /does not hold LiteRT 9\.9\.9: .*1000/,
    );
  });

  it('tries again where a transfer breaks off or a server has a bad moment', async () => {
    let times = 0;
    await using index = await LocalServer.start(
      withFile((request, response) => {
        times += 1;
        if (times === 1) return response.writeHead(503).end();
        if (times > 2) return sendFile(response, WHEEL.bytes, request.headers.range);
        const { offset, packedBytes } = WHEEL.pin;
        response.writeHead(206, {
          'content-length': packedBytes,
          'content-range': `bytes ${offset}-${offset + packedBytes - 1}/${WHEEL.bytes.length}`,
        });
        response.write(Buffer.alloc(5000), () => response.destroy());
      }),
    );
    await assertPulled(requestFor(index.origin));
    assert.equal(times, 3);
  });

  it('gives up after three attempts', async () => {
    await using index = await LocalServer.start(
      withFile((_, response) => {
        // Ends in good order, only too early.
        response.writeHead(200, { 'transfer-encoding': 'chunked' }).end(Buffer.alloc(5000));
      }),
    );
    await assertRefused(requestFor(index.origin), /it ended after 5000 of \d+ bytes$/);
    assert.equal(index.requests.length, 4);
  });

  it('gives up a server that says nothing for as long as pip would wait', async () => {
    await using silent = await LocalServer.start(() => {});
    await assertRefused(
      requestFor(silent.origin, { PIP_TIMEOUT: '0.3' }),
      /nothing came for 0\.3 s$/,
    );
    await using stalling = await LocalServer.start(
      withFile((_, response) => {
        response.writeHead(200);
        response.write('some');
      }),
    );
    await assertRefused(
      requestFor(stalling.origin, { PIP_DEFAULT_TIMEOUT: '0.3' }),
      /nothing came for 0\.3 s$/,
    );
  });

  it('gives up when all takes too long, however steadily something comes', async () => {
    await using dripping = await LocalServer.start((_, response) => {
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    });
    const request = requestFor(dripping.origin, { PIP_EXTRA_INDEX_URL: 'http://127.0.0.1:1/' });
    await assertRefused({ ...request, timeoutMs: 500 }, /: it took longer than 0\.5 s$/);
    await eventually('it hangs up', () => dripping.open === 0);
  });

  it('goes on to the next index where one fails, and names all where all fail', async () => {
    await using empty = await LocalServer.start((_, response) => response.writeHead(404).end());
    await using index = await LocalServer.start(localIndex(WHEEL));
    const pages = `http://127.0.0.1:1/simple\n ${index.origin}/simple`;
    await assertPulled(requestFor(empty.origin, { PIP_EXTRA_INDEX_URL: pages }));
    await assertRefused(
      requestFor(empty.origin, { PIP_EXTRA_INDEX_URL: 'http://127.0.0.1:1/simple' }),
      /: "127\.0\.0\.1:\d+": status 404; "127\.0\.0\.1:1": it refuses connections$/,
    );
    await assertRefused(
      requestFor('http://index.invalid'),
      /"index\.invalid": (there is no such host|its name cannot be looked up)/,
    );
  });

  it('leaves nothing behind when it is aborted', async () => {
    const root = new AbortController();
    await using index = await LocalServer.start(
      withFile((_, response) => {
        response.writeHead(200);
        response.write(Buffer.alloc(100_000), () => root.abort());
      }),
    );
    const request = requestFor(index.origin);
    await assert.rejects(pullLibrary(request, root.signal), { name: 'AbortError' });
    assert.deepEqual(readdirSync(dirname(request.wanted.file)), []);
    await eventually('it hangs up', () => index.open === 0);
  });

  it('may be done twice at once', async () => {
    await using index = await LocalServer.start(localIndex(WHEEL));
    const request = requestFor(index.origin);
    await Promise.all([assertPulled, assertPulled].map(() => pullLibrary(request, never)));
    await assertPulled(request);
  });

  it('removes what a process that was killed has left half written', async () => {
    await using index = await LocalServer.start(localIndex(WHEEL));
    const request = requestFor(index.origin);
    const abandoned = `${request.wanted.file}.0`;
    mkdirSync(dirname(abandoned), { recursive: true });
    writeFileSync(abandoned, 'half');
    utimesSync(abandoned, 0, 0);
    await assertPulled(request);
  });

  it('says so, and asks nobody, where there is no library for the machine', async () => {
    await using index = await LocalServer.start(localIndex(WHEEL));
    const request = requestFor(index.origin);
    const platform = { arch: 'arm', glibc: '2.36' };
    const result = await pullLibrary(
      { ...request, wanted: { ...request.wanted, platform, pin: null } },
      never,
    );
    assert.equal(result.kind, 'unsupported');
    assert.equal(index.requests.length, 0);
  });
});

describe('pullLibrary() from files', { timeout: 60_000 }, () => {
  const wheelFile = join(FOLDER, 'any.whl');
  const libraryFile = join(FOLDER, 'any.so');
  writeFileSync(wheelFile, WHEEL.bytes);
  writeFileSync(libraryFile, WHEEL.library);

  it('takes it from a wheel, or from the library itself', async () => {
    for (const from of [wheelFile, libraryFile]) {
      await assertPulled({ ...requestFor('http://127.0.0.1:1'), from });
    }
  });

  it('takes it from a folder of pip, without any network', async () => {
    symlinkSync(wheelFile, join(FOLDER, WHEEL.pin.wheel));
    for (const links of [FOLDER, `file://${FOLDER}`]) {
      const env = { PIP_NO_INDEX: '1', PIP_FIND_LINKS: `/nonexistent ${links}` };
      await assertPulled(requestFor('http://127.0.0.1:1', env));
    }
    await assertRefused(
      requestFor('http://127.0.0.1:1', { PIP_NO_INDEX: '1', PIP_FIND_LINKS: '/nonexistent' }),
      /"\/nonexistent": it has no ai_edge/,
    );
    await assertRefused(requestFor('http://127.0.0.1:1', { PIP_NO_INDEX: '1' }), /no-index/);
  });

  it('refuses any other file, and says what is expected', async () => {
    const other = join(FOLDER, 'other');
    for (const [bytes, found] of [
      [Buffer.from('PK'), 'does not hold LiteRT'],
      [WHEEL.library.subarray(0, 5000), 'it has 5000 bytes, expected 300000'],
      [elfFile(62, WHEEL.pin.bytes), 'SHA-256 is'],
    ] as const) {
      writeFileSync(other, bytes);
      await assertRefused(
        { ...requestFor('http://127.0.0.1:1'), from: other },
        new RegExp(`^Cannot take LiteRT from ".*other": .*${found}.*; expected ai_edge.*whl or `),
      );
    }
    await assertRefused(
      { ...requestFor('http://127.0.0.1:1'), from: '/nonexistent' },
      /from "\/nonexistent": no such file;/,
    );
  });
});

describe('pullLibrary() through proxies', { timeout: 60_000 }, () => {
  it('asks the proxy for the whole address', async () => {
    await using index = await LocalServer.start(localIndex(WHEEL));
    await using proxy = await startProxy(basic('user:secret'));
    const http_proxy = `http://user:secret@127.0.0.1:${proxy.port}`;
    await assertPulled(requestFor(index.origin, { http_proxy }));
    assert.deepEqual(proxy.asked, [
      `GET ${index.origin}/simple/ai-edge-litert/`,
      `GET ${index.origin}/files/${WHEEL.pin.wheel}`,
    ]);
  });

  it('goes straight where no_proxy says so', async () => {
    await using index = await LocalServer.start(localIndex(WHEEL));
    await using proxy = await startProxy();
    const http_proxy = `127.0.0.1:${proxy.port}`;
    await assertPulled(requestFor(index.origin, { http_proxy, no_proxy: '127.0.0.0/8' }));
    assert.deepEqual(proxy.asked, []);
  });

  it('names the proxy, not its password, where that one fails', async () => {
    const proxies = { https_proxy: 'http://user:secret@127.0.0.1:1' };
    await assertRefused(
      requestFor('https://127.0.0.1:2', proxies),
      /: "127\.0\.0\.1:2" through the proxy "127\.0\.0\.1:1": it refuses connections$/,
    );
    await using proxy = await startProxy('other');
    await assertRefused(
      requestFor('https://127.0.0.1:2', { PIP_PROXY: `http://u:secret@127.0.0.1:${proxy.port}` }),
      /through the proxy ".*": the proxy answered with status 407$/,
    );
    await assertRefused(
      requestFor('https://127.0.0.1:2', { https_proxy: 'socks5://u:secret@127.0.0.1:1' }),
      /^Cannot use https_proxy: found a proxy of the kind socks5:, expected http/,
    );
  });
});

describe('pullLibrary() over TLS', { skip: noOpenssl, timeout: 60_000 }, () => {
  const identity = makeCertificate(FOLDER, 'index');
  makeCertificate(FOLDER, 'other');
  const certificates = { PIP_CERT: join(FOLDER, 'index.pem') };

  it('trusts the certificates that pip is told to trust', async () => {
    await using index = await LocalServer.start(localIndex(WHEEL), identity);
    await assertPulled(requestFor(index.origin, certificates));
    const byName = index.origin.replace('127.0.0.1', 'localhost');
    await assertPulled(requestFor(byName, { REQUESTS_CA_BUNDLE: certificates.PIP_CERT }));
  });

  it('refuses a server that it has no reason to trust', async () => {
    await using index = await LocalServer.start(localIndex(WHEEL), identity);
    await assertRefused(requestFor(index.origin), /self-signed certificate/);
    const other = { PIP_CERT: join(FOLDER, 'other.pem') };
    await assertRefused(requestFor(index.origin, other), /self-signed certificate/);
    await assertRefused(requestFor(index.origin, { PIP_CERT: '/nonexistent' }), /no such file/);
    await assertPulled(requestFor(index.origin, { ...other, PIP_TRUSTED_HOST: '127.0.0.1' }));
  });

  it('goes through a tunnel of the proxy, and checks the server all the same', async () => {
    await using index = await LocalServer.start(localIndex(WHEEL), identity);
    await using proxy = await startProxy(basic('user:secret'));
    const proxies = { https_proxy: `http://user:secret@127.0.0.1:${proxy.port}` };
    await assertPulled(requestFor(index.origin, { ...certificates, ...proxies }));
    const tunnel = `CONNECT 127.0.0.1:${index.port}`;
    assert.deepEqual(proxy.asked, [tunnel, tunnel]);
    await assertRefused(requestFor(index.origin, proxies), /self-signed certificate/);
  });

  it('gives up a server that says nothing behind a tunnel', async () => {
    await using index = await LocalServer.start(() => {}, identity);
    await using proxy = await startProxy();
    const env = { ...certificates, PIP_PROXY: `127.0.0.1:${proxy.port}`, PIP_TIMEOUT: '0.5' };
    await assertRefused(requestFor(index.origin, env), /nothing came for 0\.5 s$/);
    await eventually('it hangs up', () => index.open === 0);
  });
});
