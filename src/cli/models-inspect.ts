import { inspectModel, type ModelReport } from '../daemon/model-inspection.js';
import { startPlanner } from '../daemon/planning.js';
import { type MeasuredSetup, setupText } from '../domain/engine.js';
import type { CommandContext } from './command-context.js';
import { commandLog } from './command-log.js';
import { textOption } from './options.js';

/** `lookout models inspect FILE`: what a model is, and whether Lookout can use it. */
export async function modelsInspectCommand(
  context: CommandContext,
  signal: AbortSignal,
): Promise<void> {
  const { positionals, options, stdout } = context;
  const { config } = await context.loadConfig();
  const planner = await startPlanner(config, context.env, commandLog(context, config));
  const report = await inspectModel(
    {
      file: positionals[0] ?? '',
      labels: textOption(options, 'labels'),
      planner,
      measure: options.has('measure'),
    },
    signal,
  );
  stdout.write(options.has('json') ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
}

function reportText(report: ModelReport): string {
  const tensors = (title: string, list: ModelReport['inputs']): string[] =>
    list.map(({ name, dtype, shape, scale, zeroPoint }) => {
      const quantisation = scale === null ? '' : `, scale ${scale}, zero point ${zeroPoint}`;
      return `${title} ${name}: ${dtype} [${shape.join(', ')}]${quantisation}`;
    });
  const named = report.labels.filter((label) => label !== null);
  const labels =
    named.length > 0
      ? `${named.length} (${named.slice(0, 8).join(', ')}${named.length > 8 ? ', …' : ''})`
      : 'none; give a label file';
  const lines = [
    `file      ${report.file}`,
    `sha256    ${report.sha256}`,
    `usable    ${report.usable ? 'yes' : `no: ${report.reason}`}`,
    `layout    ${report.layout ?? 'unknown'}`,
    ...tensors('input    ', report.inputs),
    ...tensors('output   ', report.outputs),
    `labels    ${labels}`,
    `operators ${report.operators.join(', ')}`,
    ...engineLines(report.engine),
  ];
  return `${lines.join('\n')}\n`;
}

/** The setup in use, then all that it was chosen from, the cheapest first. */
function engineLines(engine: ModelReport['engine']): string[] {
  if (!engine) return [];
  const { chosen, measured, refused } = engine;
  const figures = ({ inferenceMs, cpuMs }: MeasuredSetup): string =>
    `${inferenceMs.toFixed(1)} ms, CPU ${cpuMs.toFixed(1)} ms`;
  const ranked = [...measured].sort((a, b) => a.inferenceMs + a.cpuMs - b.inferenceMs - b.cpuMs);
  return [
    `engine    ${setupText(chosen)}: ${figures(chosen)}`,
    ...ranked.map((setup) => `measured  ${setupText(setup)}: ${figures(setup)}`),
    ...refused.map((setup) => `refused   ${setupText(setup)}: ${setup.reason}`),
  ];
}
