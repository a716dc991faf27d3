import { execFile } from 'node:child_process';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { BenchReport } from '../src/daemon/bench.js';
import { messageOf } from '../src/errors.js';
import { PROJECT_ROOT } from '../test/helpers/reference-data.js';
import type { BenchPlan } from './bench-plan.js';

const WARM_UP_FRAMES = 10;
const MAIN = join(PROJECT_ROOT, 'dist', 'src', 'main.js');

/** What `lookout bench` says of one model. */
export interface PipelineFigures {
  readonly model: string;
  /** Null for a model that it cannot use as a detector. */
  readonly report: BenchReport | null;
  readonly refusal: string | null;
}

/** The whole pipeline but for the broker, one model after the other. */
export async function measurePipelines(plan: BenchPlan): Promise<PipelineFigures[]> {
  const figures: PipelineFigures[] = [];
  for (const file of plan.models) {
    const model = basename(file, '.tflite');
    plan.say(`pipeline with ${model}`);
    try {
      // The first run tunes; from then on the choice is remembered.
      await benchCommand(plan, file, WARM_UP_FRAMES);
      const report = await benchCommand(plan, file, plan.extent.pipelineFrames);
      figures.push({ model, report, refusal: null });
    } catch (thrown) {
      figures.push({ model, report: null, refusal: refusalOf(thrown, file) });
    }
  }
  return figures;
}

async function benchCommand(
  { video, folder }: BenchPlan,
  file: string,
  frames: number,
): Promise<BenchReport> {
  const args = [MAIN, 'bench', '--json', '--model', file, '--source', video, '--threads', '1'];
  args.push('--frames', `${frames}`, '--state_dir', join(folder, 'state'));
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as BenchReport;
}

/** What it said, the file without its folder. */
function refusalOf(thrown: unknown, file: string): string {
  const isSaid = thrown instanceof Error && 'stderr' in thrown && thrown.stderr !== '';
  const said = String(isSaid ? thrown.stderr : messageOf(thrown)).trim();
  return said.replaceAll(`${dirname(file)}/`, '');
}
