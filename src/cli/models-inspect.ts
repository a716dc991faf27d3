import { inspectModel, type ModelReport } from '../daemon/model-inspection.js';
import type { CommandContext } from './command-context.js';
import { textOption } from './options.js';

/** `lookout models inspect FILE`: what a model is, and whether Lookout can use it. */
export async function modelsInspectCommand(context: CommandContext): Promise<void> {
  const { positionals, options, stdout } = context;
  const { config } = await context.loadConfig();
  const report = await inspectModel(positionals[0] ?? '', textOption(options, 'labels'), config);
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
  ];
  return `${lines.join('\n')}\n`;
}
