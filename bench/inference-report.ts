import type { PartReport } from './bench-plan.js';
import { AUTO, PYTHON, TFJS } from './contestants.js';
import type { ContestantTimes, InferenceContest } from './inference.js';
import { table } from './page.js';
import { type Bar, type BarGroup, barChart } from './plot.js';
import { ratioOf, type Spread, spreadOf } from './rounds.js';

/** Bare inference as tables and a plot for each number of threads. */
export function inferenceReport(contests: readonly InferenceContest[]): PartReport {
  const plots: Record<string, string> = {};
  const sections: string[] = [];
  for (const threads of new Set(contests.map((contest) => contest.threads))) {
    const some = contests.filter((contest) => contest.threads === threads);
    const title = `Bare inference, ${threads === 1 ? 'one thread' : `${threads} threads`}`;
    const plot = `inference-${threads}.svg`;
    plots[plot] = barChart(`${title}: ms, shorter is better`, some.flatMap(barsOf));
    sections.push(`### ${title}`, `![${title}](performance/${plot})`, tableOf(some));
  }
  return { markdown: sections.join('\n\n'), plots };
}

function tableOf(contests: readonly InferenceContest[]): string {
  const names = contests[0]?.contestants.map(({ name }) => name) ?? [];
  const head = ['model', 'Lookout runs', ...names.map((name) => `${name}, ms`)];
  const rows = contests.map(({ model, contestants }) => {
    const ours = timesOf(contestants, AUTO);
    const times = names.map((name) => milliseconds(timesOf(contestants, name)));
    const ratios = [TFJS, PYTHON].map((name) => ratio(timesOf(contestants, name), ours));
    return [model, ours?.engine ?? '–', ...times, ...ratios];
  });
  return table([...head, `${TFJS} : Lookout`, `${PYTHON} : Lookout`], rows);
}

function barsOf({ model, contestants }: InferenceContest): BarGroup[] {
  const bars = contestants.flatMap(({ name, roundsMs }): Bar[] => {
    if (roundsMs.length === 0) return [];
    const value = spreadOf(roundsMs);
    return [{ name, value, text: `${value.median.toFixed(2)} ms`, isOurs: name === AUTO }];
  });
  return bars.length > 0 ? [{ title: model, bars }] : [];
}

function timesOf(
  contestants: readonly ContestantTimes[],
  name: string,
): ContestantTimes | undefined {
  return contestants.find((contestant) => contestant.name === name);
}

function milliseconds(times: ContestantTimes | undefined): string {
  return times && times.roundsMs.length > 0 ? spreadOf(times.roundsMs).median.toFixed(2) : '–';
}

function ratio(times: ContestantTimes | undefined, ours: ContestantTimes | undefined): string {
  if (!times?.roundsMs.length || !ours?.roundsMs.length) return '–';
  return ratioText(ratioOf(times.roundsMs, ours.roundsMs));
}

/** A ratio with its least and greatest round. */
export function ratioText({ median, min, max }: Spread): string {
  return `**${median.toFixed(2)}** (${min.toFixed(2)}–${max.toFixed(2)})`;
}
