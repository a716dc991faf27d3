import { type OptimizationReport, optimizeModel } from '../daemon/model-optimization.js';
import type { CommandContext } from './command-context.js';
import { textOption } from './options.js';

type Operator = OptimizationReport['operators'][number];

/** `lookout models optimize FILE`: writes a model in a form that is faster to compute. */
export async function modelsOptimizeCommand(context: CommandContext): Promise<void> {
  const { positionals, options, stdout } = context;
  const report = await optimizeModel(positionals[0] ?? '', textOption(options, 'out'));
  const isExplained = options.has('explain');
  if (options.has('json')) {
    const { operators, ...rest } = report;
    const document = isExplained ? { ...rest, operators } : rest;
    stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    return;
  }
  const lines = [...summaryLines(report), ...(isExplained ? tableLines(report.operators) : [])];
  stdout.write(`${lines.join('\n')}\n`);
}

function summaryLines({ file, out, summary }: OptimizationReport): string[] {
  const { operators, changedOperators, conversions, floatLayers } = summary;
  if (out === null) {
    return [`file      ${file}`, 'written   nothing: no layer of it would become faster'];
  }
  return [
    `file      ${file}`,
    `written   ${out}`,
    `operators ${changedOperators} of ${operators} rewritten, ${conversions} conversions added`,
    ...(floatLayers > 0 ? [`weights   of ${floatLayers} layers from int8 to float32`] : []),
    ...(summary.layers > 0 ? [channelsLine(summary)] : []),
  ];
}

function channelsLine(summary: OptimizationReport['summary']): string {
  const { layers, channels, exactChannels, maxFactor } = summary;
  const widened = channels - exactChannels;
  const widening = widened === 0 ? '' : `, by a factor of at most ${maxFactor.toFixed(3)}`;
  return `channels  ${channels} in ${layers} layers: ${exactChannels} exact, ${widened} widened${widening}`;
}

/** One line for each operator, in columns. */
function tableLines(operators: readonly Operator[]): string[] {
  const head = ['#', 'operator', 'becomes', 'exact', 'widened', 'error', ''];
  const rows = [head, ...operators.map(rowOf)];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [
    '',
    ...lines,
    '',
    'exact: channels that compute the same sums as before, whatever the input',
    'widened: the factor by which the scale of a channel grew at most',
    'error: how far an output can be off because of that at worst, in steps of the output',
  ];
}

function rowOf({ index, name, output, becomes, reason, weights }: Operator): string[] {
  const figures = weights
    ? [
        `${weights.exactChannels} of ${weights.channels}`,
        weights.maxFactor.toFixed(3),
        weights.maxErrorSteps.toFixed(1),
      ]
    : ['', '', ''];
  return [`${index}`, name, becomes, ...figures, reason ?? output];
}
