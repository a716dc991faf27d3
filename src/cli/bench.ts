import { type BenchReport, bench } from '../daemon/bench.js';
import { setupText } from '../domain/engine.js';
import type { CommandContext } from './command-context.js';
import { commandLog } from './command-log.js';
import { numberOption, textOption } from './options.js';

const DEFAULT_FRAMES = 300;
/** Until V8 has compiled what every frame goes through. */
const DEFAULT_WARM_UP_FRAMES = 1_000;

/** `lookout bench`: this machine's figures, bare inference against the whole pipeline. */
export async function benchCommand(context: CommandContext, signal: AbortSignal): Promise<void> {
  const { options, stdout } = context;
  const loaded = await context.loadConfig();
  const frames = numberOption(options, 'frames', { min: 10, max: 10_000_000, isWhole: true });
  const warmUpFrames = numberOption(options, 'warm-up', { min: 1, max: 10_000_000, isWhole: true });
  const report = await bench(
    {
      config: loaded.config,
      modelFile: textOption(options, 'model'),
      source: textOption(options, 'source'),
      length: {
        frames: frames ?? DEFAULT_FRAMES,
        warmUpFrames: warmUpFrames ?? DEFAULT_WARM_UP_FRAMES,
      },
      env: context.env,
      log: commandLog(context, loaded.config),
    },
    signal,
  );
  stdout.write(options.has('json') ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
}

function reportText(report: BenchReport): string {
  const { bareInferenceMs: bare, pipeline } = report;
  const ms = (value: number): string => `${value.toFixed(2)} ms`;
  const { latencyMs } = pipeline;
  const lines = [
    `model           ${report.model}`,
    `engine          ${setupText(report.engine)}`,
    `start-up        ${report.startUpMs.toFixed(0)} ms until the model is ready`,
    `bare inference  p50 ${ms(bare.p50)}, p95 ${ms(bare.p95)} (${(1000 / bare.p50).toFixed(1)} per second)`,
    `pipeline        ${pipeline.fps.toFixed(1)} fps over ${pipeline.frames} frames, ${(pipeline.shareOfBare * 100).toFixed(1)} % of bare inference`,
    `CPU per frame   ${ms(pipeline.cpuMsPerFrame)}, of which ${ms(pipeline.overheadCpuMsPerFrame)} beside inference, ${ms(pipeline.childCpuMsPerFrame)} of that in child processes`,
    `latency         p50 ${ms(latencyMs.p50)}, p95 ${ms(latencyMs.p95)}, p99 ${ms(latencyMs.p99)}`,
    `memory          ${(report.rssBytes / 1e6).toFixed(1)} MB, growing by ${(report.rssSlopeBytesPerFrame / 1e3).toFixed(2)} kB a frame`,
  ];
  return `${lines.join('\n')}\n`;
}
