import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { BUNDLED_MODEL } from '../helpers/bundled-model.js';
import { noOpenssl } from '../helpers/certificate.js';
import { CertificateAuthority } from '../helpers/certificate-authority.js';
import { DaemonProcess } from '../helpers/daemon-process.js';
import { eventually } from '../helpers/eventually.js';
import { freePort } from '../helpers/free-port.js';
import { Mosquitto, noMosquitto } from '../helpers/mosquitto.js';
import { MosquittoSubscriber } from '../helpers/mosquitto-subscriber.js';
import { tempFolder } from '../helpers/temp-folder.js';

const FILES = ['ca.pem', 'broker.pem', 'broker.key', 'lookout.pem', 'lookout.key'] as const;
/** What is refused for its certificate is tried again after 5 to 30 s. */
const BACK_WITHIN_MS = 45_000;

describe('lookout run and certificates', { skip: noMosquitto || noOpenssl }, () => {
  it('takes renewed ones with the next connection, and the last good ones until then', {
    timeout: 120_000,
  }, async () => {
    const folder = tempFolder();
    const at = (name: (typeof FILES)[number]): string => join(folder, name);
    const renew = (name: string): void => {
      const ca = new CertificateAuthority(join(folder, name));
      const broker = ca.issue('broker', { names: 'DNS:localhost' });
      const client = ca.issue('lookout');
      copyFileSync(ca.caFile, at('ca.pem'));
      for (const [issued, owner] of [
        [broker, 'broker'],
        [client, 'lookout'],
      ] as const) {
        copyFileSync(issued.certFile, at(`${owner}.pem`));
        copyFileSync(issued.keyFile, at(`${owner}.key`));
      }
      // The broker reads its own as a user of its own.
      spawnSync('chmod', ['-R', 'a+rX', folder]);
    };
    renew('first');
    const port = await freePort();
    await using broker = await Mosquitto.start({
      config: [
        ...[`listener ${port} 127.0.0.1`, `cafile ${at('ca.pem')}`, 'require_certificate true'],
        ...[`certfile ${at('broker.pem')}`, `keyfile ${at('broker.key')}`],
      ],
    });
    await using daemon = DaemonProcess.start({
      'camera.source': 'synthetic',
      'model.file': BUNDLED_MODEL,
      engine: 'tfjs',
      'mqtt.url': `mqtts://localhost:${port}`,
      'mqtt.ca_file': at('ca.pem'),
      'mqtt.cert_file': at('lookout.pem'),
      'mqtt.key_file': at('lookout.key'),
    });
    const online = async (): Promise<void> => {
      await using subscriber = await MosquittoSubscriber.start(broker.port);
      const status = 'lookout/test/status';
      await eventually('online', () => subscriber.last(status) === 'online', BACK_WITHIN_MS);
    };
    await online();

    writeFileSync(at('lookout.pem'), 'half of a certifi');
    await broker.stop();
    await broker.start();
    await online();
    const { message } = await daemon.logged('lookout.pem');
    assert.match(message, /^mqtt\.cert_file: Cannot use .* from before/);

    await broker.stop();
    renew('second');
    await broker.start();
    await online();
    assert.ok(!daemon.hasEnded);
    assert.equal((await daemon.end('SIGTERM')).code, 0, daemon.saidLast());
    const complaints = daemon.log.filter((line) => line.message.includes('lookout.pem'));
    assert.equal(complaints.length, 1, 'each complaint once');
  });
});
