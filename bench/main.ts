import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../src/errors.js';
import { PROJECT_ROOT } from '../test/helpers/reference-data.js';
import type { BenchPlan, Part, PartReport } from './bench-plan.js';
import { measureInference } from './inference.js';
import { inferenceReport } from './inference-report.js';
import { measureJob } from './job.js';
import { jobReport } from './job-report.js';
import { describeMachine, provenance } from './machine.js';
import { HELP, readOptions } from './options.js';
import { fillSection } from './page.js';
import { measurePipelines } from './pipeline.js';
import { pipelineReport } from './pipeline-report.js';
import { measurePublishing } from './publishing.js';
import { publishingReport } from './publishing-report.js';

const PAGE = join(PROJECT_ROOT, 'docs', 'performance.md');

/** What a part found, and how it is shown. */
interface Outcome {
  readonly figures: unknown;
  readonly report: PartReport;
}

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (options === null) {
    process.stdout.write(HELP);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'lookout-bench-'));
  const command = ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' ');
  const plan: BenchPlan = { ...options.plan, folder, say };
  if (plan.libraryFile === null) say('LiteRT is left out: there is no native/litert/libLiteRt.so');
  if (plan.python.kind === 'missing') say(plan.python.reason);
  try {
    for (const part of plan.parts) {
      const machine = describeMachine();
      const { figures, report } = await outcomeOf(part, plan);
      const section = `${provenance(machine, command)}\n\n${report.markdown}`;
      if (options.out === null) process.stdout.write(`\n${section}\n`);
      else {
        write(options.out, part, { section, plots: report.plots });
        const record = { command, machine, extent: plan.extent, figures };
        writeFileSync(join(options.out, 'performance', `${part}.json`), jsonText(record));
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function outcomeOf(part: Part, plan: BenchPlan): Promise<Outcome> {
  switch (part) {
    case 'inference': {
      const figures = await measureInference(plan);
      return { figures, report: inferenceReport(figures) };
    }
    case 'pipeline': {
      const figures = await measurePipelines(plan);
      return { figures, report: pipelineReport(figures) };
    }
    case 'job': {
      const figures = await measureJob(plan);
      return { figures, report: jobReport(figures) };
    }
    case 'publishing': {
      const figures = await measurePublishing(plan);
      return { figures, report: publishingReport(figures) };
    }
    default:
      throw part satisfies never;
  }
}

/** Fills the part's section of the page, which is the project's own where there is none yet. */
function write(
  out: string,
  part: Part,
  { section, plots }: { section: string; plots: PartReport['plots'] },
): void {
  const page = join(out, 'performance.md');
  mkdirSync(join(out, 'performance'), { recursive: true });
  const before = readFileSync(existsSync(page) ? page : PAGE, 'utf8');
  writeFileSync(page, fillSection(before, part, section));
  for (const [name, svg] of Object.entries(plots)) {
    writeFileSync(join(out, 'performance', name), svg);
  }
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

try {
  await main(process.argv.slice(2));
} catch (thrown) {
  say(messageOf(thrown));
  process.exitCode = 1;
}
