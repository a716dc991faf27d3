import { execFile } from 'node:child_process';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { BenchReport } from '../src/daemon/bench.js';
import { messageOf } from '../src/errors.js';
import { PROJECT_ROOT } from '../test/helpers/reference-data.js';
import type { BenchPlan } from './bench-plan.js';

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
    const args = [MAIN, 'bench', '--json', '--model', file, '--source', plan.video];
    args.push('--frames', `${plan.extent.pipelineFrames}`);
    try {
      const { stdout } = await promisify(execFile)(process.execPath, args);
      figures.push({ model, report: JSON.parse(stdout) as BenchReport, refusal: null });
    } catch (thrown) {
      figures.push({ model, report: null, refusal: refusalOf(thrown, file) });
    }
  }
  return figures;
}

/** What it said, the file without its folder. */
function refusalOf(thrown: unknown, file: string): string {
  const isSaid = thrown instanceof Error && 'stderr' in thrown && thrown.stderr !== '';
  const said = String(isSaid ? thrown.stderr : messageOf(thrown)).trim();
  return said.replaceAll(`${dirname(file)}/`, '');
}
