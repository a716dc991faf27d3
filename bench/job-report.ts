import { percentile } from '../src/domain/statistics.js';
import type { PartReport } from './bench-plan.js';
import { ratioText } from './inference-report.js';
import type { SideRuns } from './job.js';
import { table } from './page.js';
import { type BarGroup, barChart } from './plot.js';
import { ratioOf, spreadOf } from './rounds.js';

/** One figure of the job, once for each round. */
interface Figure {
  readonly name: string;
  readonly digits: number;
  rounds(side: SideRuns): readonly number[];
}

const CPU: Figure = {
  name: 'CPU-ms a frame, at full speed',
  digits: 2,
  rounds: ({ fast }) => fast.map(({ cpuMs, frames }) => cpuMs / frames),
};
const LATENCY: Figure = {
  name: 'frame to MQTT p50, ms',
  digits: 1,
  rounds: ({ paced }) => paced.map(({ latenciesMs }) => percentile(latenciesMs, 0.5)),
};
const MEMORY: Figure = {
  name: 'RSS of all processes, MB',
  digits: 0,
  rounds: ({ paced }) => paced.map(({ treeRssBytes }) => treeRssBytes / 1e6),
};

const FIGURES: readonly Figure[] = [
  {
    name: 'frames per CPU-second, at full speed',
    digits: 1,
    rounds: ({ fast }) => fast.map(({ cpuMs, frames }) => (frames * 1000) / cpuMs),
  },
  CPU,
  {
    name: 'CPU-ms a frame, at the rate of the video',
    digits: 2,
    rounds: ({ paced }) => paced.map(({ cpuMs, frames }) => cpuMs / frames),
  },
  { name: 'fps, at full speed', digits: 1, rounds: ({ fast }) => fast.map(({ fps }) => fps) },
  LATENCY,
  {
    name: 'frame to MQTT p95, ms',
    digits: 1,
    rounds: ({ paced }) => paced.map(({ latenciesMs }) => percentile(latenciesMs, 0.95)),
  },
  MEMORY,
  {
    name: 'RSS of the main process, MB',
    digits: 0,
    rounds: ({ paced }) => paced.map(({ mainRssBytes }) => mainRssBytes / 1e6),
  },
  {
    name: 'start to first result, ms',
    digits: 0,
    rounds: ({ fast, paced }) => [...fast, ...paced].map(({ startUpMs }) => startUpMs),
  },
  {
    name: 'start to first result, the first time, ms',
    digits: 0,
    rounds: ({ first }) => [first.startUpMs],
  },
];

/** The whole job as a table and a plot: each side's figures, and ours in terms of the others'. */
export function jobReport(sides: readonly SideRuns[]): PartReport {
  const [ours, ...others] = sides;
  if (!ours) throw new Error('Cannot report on the job: nobody did it');
  const rows = FIGURES.map((figure) => [
    figure.name,
    ...sides.map((side) => spreadOf(figure.rounds(side)).median.toFixed(figure.digits)),
    ...others.map((other) => ratioText(ratioOf(figure.rounds(ours), figure.rounds(other)))),
  ]);
  const ratios = others.map(({ name }) => `Lookout : ${name}`);
  const head = ['', ...sides.map(({ name }) => name), ...ratios];
  const title = 'The whole job, shorter is better';
  const groups = [CPU, LATENCY, MEMORY].map((figure) => groupOf(figure, sides));
  return {
    markdown: `![${title}](performance/job.svg)\n\n${table(head, rows)}\n\n${samples(sides)}`,
    plots: { 'job.svg': barChart(title, groups) },
  };
}

function groupOf(figure: Figure, sides: readonly SideRuns[]): BarGroup {
  const bars = sides.map((side, index) => {
    const value = spreadOf(figure.rounds(side));
    return {
      name: side.name,
      value,
      text: value.median.toFixed(figure.digits),
      isOurs: index === 0,
    };
  });
  return { title: figure.name, bars };
}

function samples(sides: readonly SideRuns[]): string {
  const perSide = sides.map(({ name, fast, paced }) => {
    const frames = fast.reduce((sum, run) => sum + run.frames, 0);
    const messages = paced.reduce((sum, run) => sum + run.latenciesMs.length, 0);
    return `${name} ${frames} frames and ${messages} messages`;
  });
  return `Measured on, at full speed and at the rate of the video: ${perSide.join('; ')}.`;
}
