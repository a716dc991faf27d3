import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { runJob } from '../../bench/job-run.js';
import { LOOKOUT } from '../../bench/sides.js';
import { noMosquitto } from '../helpers/mosquitto.js';
import { noReferenceData, PROJECT_ROOT } from '../helpers/reference-data.js';
import { CLASSIC_SSD, ONE_BY_ONE } from '../helpers/reference-models.js';
import { tempFolder } from '../helpers/temp-folder.js';

const folder = tempFolder();

describe('the benchmark', { skip: noReferenceData || noMosquitto }, () => {
  it('measures bare inference and writes page, plots and values', async () => {
    const main = join(PROJECT_ROOT, 'dist', 'bench', 'main.js');
    const what = ['--quick', '--only', 'inference', '--threads', '1', '--model', CLASSIC_SSD];
    const args = [main, ...what, '--no-python', '--out', folder];
    await promisify(execFile)(process.execPath, args);

    const page = readFileSync(join(folder, 'performance.md'), 'utf8');
    assert.match(page, /\| ssd_mobilenet_v1_coco_quant_metadata \| .*\| [\d.]+ \|/);
    assert.match(page, /!\[Bare inference, one thread\]\(performance\/inference-1\.svg\)/);
    assert.match(readFileSync(join(folder, 'performance', 'inference-1.svg'), 'utf8'), /^<svg /);
    const { figures } = JSON.parse(
      readFileSync(join(folder, 'performance', 'inference.json'), 'utf8'),
    );
    assert.equal(figures[0].contestants[0].roundsMs.length, 3);
  });

  it('accounts for every frame and process of the whole job', async () => {
    const video = join(folder, 'clip.mp4');
    const clip = ['-map', '0:v:0', '-t', '10', '-c', 'copy', video];
    execFileSync('ffmpeg', ['-v', 'error', '-i', ONE_BY_ONE, ...clip]);
    const run = await runJob(LOOKOUT, {
      video,
      modelFile: CLASSIC_SSD,
      stateFolder: join(folder, 'state'),
      labelsFile: '',
      threads: 1,
      pace: 'native',
    });

    const frames = execFileSync(
      'ffprobe',
      [
        '-v',
        'error',
        '-count_frames',
        '-show_entries',
        'stream=nb_read_frames',
        '-of',
        'csv=p=0',
        video,
      ],
      { encoding: 'utf8' },
    );
    assert.equal(run.frames, Number(frames));
    assert.ok(run.cpuMs > 0 && run.startUpMs > 0 && run.fps > 0);
    assert.ok(run.treeRssBytes > run.mainRssBytes, 'ffmpeg is a process of its own');
    assert.ok(run.latenciesMs.length > 0, 'somebody comes in view');
    assert.ok(run.latenciesMs.every((latencyMs) => latencyMs > 0 && latencyMs < 10_000));
  });
});
