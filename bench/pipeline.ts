import { execFile, execFileSync } from 'node:child_process';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { BenchReport } from '../src/daemon/bench.js';
import { messageOf } from '../src/errors.js';
import { PROJECT_ROOT } from '../test/helpers/reference-data.js';
import type { BenchPlan } from './bench-plan.js';

/** The first run measures engines; from then on the choice is remembered. */
const TUNING = ['--frames', '10', '--warm-up', '10'];
const RAW_SIZE = '640x480';
const RAW_FRAMES = 300;
const MAIN = join(PROJECT_ROOT, 'dist', 'src', 'main.js');

/** What `lookout bench` says of one model, which it may not be able to use as a detector. */
export type PipelineFigures =
  | {
      readonly kind: 'measured';
      readonly model: string;
      readonly video: BenchReport;
      /** With frames of 640x480 in YUV420, stored as they are: there is next to nothing to decode. */
      readonly raw: BenchReport;
    }
  | { readonly kind: 'refused'; readonly model: string; readonly reason: string };

/** The whole pipeline but for the broker, one model after the other. */
export async function measurePipelines(plan: BenchPlan): Promise<PipelineFigures[]> {
  const figures: PipelineFigures[] = [];
  const raw = storeRaw(plan);
  for (const file of plan.models) {
    const model = basename(file, '.tflite');
    plan.say(`pipeline with ${model}`);
    try {
      await benchCommand(plan, file, plan.video, TUNING);
      const { pipelineFrames, warmUpFrames } = plan.extent;
      const length = ['--frames', `${pipelineFrames}`, '--warm-up', `${warmUpFrames}`];
      const reportOf = (source: string) => benchCommand(plan, file, source, length);
      const reports = { video: await reportOf(plan.video), raw: await reportOf(raw) };
      figures.push({ kind: 'measured', model, ...reports });
    } catch (thrown) {
      figures.push({ kind: 'refused', model, reason: refusalOf(thrown, file) });
    }
  }
  return figures;
}

/** The first frames of the video, scaled and not compressed. */
function storeRaw({ video, folder }: BenchPlan): string {
  const file = join(folder, 'raw.y4m');
  const output = ['-frames:v', `${RAW_FRAMES}`, '-s', RAW_SIZE, '-pix_fmt', 'yuv420p', file];
  execFileSync('ffmpeg', ['-v', 'error', '-i', video, '-map', '0:v:0', ...output]);
  return file;
}

async function benchCommand(
  { folder }: BenchPlan,
  file: string,
  source: string,
  length: readonly string[],
): Promise<BenchReport> {
  const args = [MAIN, 'bench', '--json', '--model', file, '--source', source, '--threads', '1'];
  args.push(...length, '--state_dir', join(folder, 'state'));
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as BenchReport;
}

/** What it said, the file without its folder. */
function refusalOf(thrown: unknown, file: string): string {
  const isSaid = thrown instanceof Error && 'stderr' in thrown && thrown.stderr !== '';
  const said = String(isSaid ? thrown.stderr : messageOf(thrown)).trim();
  return said.replaceAll(`${dirname(file)}/`, '');
}
