import type { PartReport } from './bench-plan.js';
import { table } from './page.js';
import { type PublishingRuns, TOLD, type Told } from './publishing.js';

const NAMES: Readonly<Record<Told, string>> = {
  nothing: 'nothing (followed only)',
  everything: 'every change of every frame',
  changes: 'by the rules',
};

/** What publishing costs, as a table. */
export function publishingReport(runs: PublishingRuns): PartReport {
  const idle = coreShare(runs, 'nothing');
  const rows = TOLD.map((told) => {
    const { seconds, messages, bytes } = runs[told];
    const publishing = told === 'nothing' ? '' : percent(coreShare(runs, told) - idle);
    return [
      NAMES[told],
      (messages / seconds).toFixed(1),
      (bytes / seconds / 1000).toFixed(1),
      percent(coreShare(runs, told)),
      publishing,
    ];
  });
  const head = ['told', 'messages/s', 'kB/s', 'CPU of the process', 'of it publishing'];
  return { markdown: table(head, rows), plots: {} };
}

/** Part of one core. */
function coreShare(runs: PublishingRuns, told: Told): number {
  return runs[told].cpuMs / 1000 / runs[told].seconds;
}

function percent(part: number): string {
  return `${(part * 100).toFixed(2)} %`;
}
