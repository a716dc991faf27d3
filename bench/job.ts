import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { labelOf } from '../src/domain/detector-model.js';
import { readDetectorModel } from '../src/models/read-detector-model.js';
import type { BenchPlan, Clip } from './bench-plan.js';
import { type JobRun, runJob } from './job-run.js';
import type { PythonPeer } from './python-peer.js';
import { turnOrder } from './rounds.js';
import { type JobTask, LOOKOUT, pythonSide, type Side } from './sides.js';

/** Without latencies, which say nothing where frames wait for each other. */
type JobCost = Omit<JobRun, 'latenciesMs'>;

/** How one side did the job in every round. */
export interface SideRuns {
  readonly name: string;
  /** The very first run: files are read from the disk, and Lookout tunes itself to the machine. */
  readonly first: JobCost;
  /** As fast as it goes, for what it costs. */
  readonly fast: readonly JobCost[];
  /** At the rate of the video, for how long a message takes. */
  readonly paced: readonly JobRun[];
}

/** The whole job, from a video to MQTT, by Lookout and by the Python peer in turns. */
export async function measureJob(plan: BenchPlan): Promise<SideRuns[]> {
  const task = { ...(await jobTask(plan)), threads: 1 };
  const { rounds, fastClip, pacedRounds, pacedClip } = plan.extent;
  const shortVideo = clip(plan, 'short.mp4', { seconds: 10 });
  const runs: { side: Side; first: JobRun; fast: JobRun[]; paced: JobRun[] }[] = [];
  for (const side of [LOOKOUT, ...pythonSides(plan.python)]) {
    plan.say(`whole job, first run: ${side.name}`);
    const first = await runJob(side, { ...task, video: shortVideo, pace: 'max' });
    runs.push({ side, first, fast: [], paced: [] });
  }
  const fast = { kind: 'fast', pace: 'max', rounds, clip: fastClip } as const;
  const paced = {
    kind: 'paced',
    pace: 'native',
    rounds: Math.min(rounds, pacedRounds),
    clip: pacedClip,
  } as const;
  for (const mode of [fast, paced]) {
    const video = clip(plan, `${mode.kind}.mp4`, mode.clip);
    for (let round = 0; round < mode.rounds; round += 1) {
      for (const turn of turnOrder(runs.length, round)) {
        const run = runs[turn];
        if (!run) continue;
        plan.say(`whole job, ${mode.kind}, round ${round + 1} of ${mode.rounds}: ${run.side.name}`);
        run[mode.kind].push(await runJob(run.side, { ...task, video, pace: mode.pace }));
      }
    }
  }
  if (runs.some((run) => run.paced.some(({ latenciesMs }) => latenciesMs.length === 0))) {
    throw new Error(`Cannot measure latency: there is nothing to tell about "${plan.video}"`);
  }
  return runs.map(({ side, first, fast, paced }) => {
    return { name: side.name, first: costOf(first), fast: fast.map(costOf), paced };
  });
}

function costOf({ latenciesMs, ...cost }: JobRun): JobCost {
  return cost;
}

function pythonSides(python: PythonPeer): Side[] {
  if (python.kind === 'missing') return [];
  return [pythonSide('Python', python, 1), pythonSide('Python, OpenCV default', python, null)];
}

async function jobTask({
  jobModel,
  folder,
}: BenchPlan): Promise<Omit<JobTask, 'video' | 'pace' | 'threads' | 'port'>> {
  const { model } = await readDetectorModel({ file: jobModel, labels: null, fit: 'auto' });
  const labelsFile = join(folder, 'labels.txt');
  const labels = model.labels.map((_, classId) => labelOf(model.labels, classId));
  writeFileSync(labelsFile, `${labels.join('\n')}\n`);
  return { modelFile: jobModel, labelsFile, stateFolder: join(folder, 'state-of-job') };
}

/** The same pictures in a file of their own, copied without coding them again. */
function clip({ video, folder }: BenchPlan, name: string, length: Clip): string {
  const file = join(folder, name);
  const passes = 'passes' in length ? ['-stream_loop', `${length.passes - 1}`] : [];
  const seconds = 'seconds' in length ? ['-t', `${length.seconds}`] : [];
  const output = ['-map', '0:v:0', ...seconds, '-c', 'copy', file];
  execFileSync('ffmpeg', ['-v', 'error', ...passes, '-i', video, ...output]);
  return file;
}
