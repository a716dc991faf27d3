import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { eventually } from '../helpers/eventually.js';
import { Mosquitto, noMosquitto } from '../helpers/mosquitto.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { PROJECT_ROOT } from '../helpers/reference-data.js';
import { ROOT, samplePublisher } from '../helpers/sample-publisher.js';
import { sampleTrack } from '../helpers/sample-tracks.js';
import { tempFolder } from '../helpers/temp-folder.js';

const TOPIC = `${ROOT}/cam/porch/object/person/occupancy`;

/** The first block of a page that is to be run by a shell. */
function shellBlock(page: string): string {
  const text = readFileSync(join(PROJECT_ROOT, 'docs', page), 'utf8');
  const script = /^```sh\n(.*?)^```$/ms.exec(text)?.[1];
  assert.ok(script, `docs/${page} has no block in sh`);
  return script;
}

/** Ends a shell and what it has started. */
async function endGroup(shell: ChildProcess): Promise<void> {
  if (shell.pid === undefined || shell.exitCode !== null) return;
  process.kill(-shell.pid);
  await once(shell, 'close');
}

describe('docs/mqtt.md', { skip: noMosquitto }, () => {
  it('has a script that says when somebody comes and goes', async () => {
    await using broker = await Mosquitto.start();
    // Where mosquitto_sub looks for arguments, so that the script can be run as it stands.
    const config = tempFolder();
    writeFileSync(join(config, 'mosquitto_sub'), `-h 127.0.0.1\n-p ${broker.port}\n`);
    const script = spawn('sh', ['-eu', '-c', shellBlock('mqtt.md')], {
      env: { ...process.env, XDG_CONFIG_HOME: config },
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    let said = '';
    script.stdout.on('data', (text: Buffer) => {
      said += text;
    });
    try {
      await using publisher = samplePublisher(broker.url, new RecordingLog());
      const says = (text: string) =>
        eventually(text, () => said.trim().split('\n').at(-1) === text);
      await says(`nobody is there (${TOPIC})`);
      const tracks = [sampleTrack({ id: 1 })];
      publisher.setState({ kind: 'tracks', tracks, capturedAtMs: Date.now() });
      await says(`somebody is there (${TOPIC})`);
      publisher.setState({ kind: 'tracks', tracks: [], capturedAtMs: Date.now() });
      await says(`nobody is there (${TOPIC})`);
    } finally {
      await endGroup(script);
    }
  });
});
