import { setupText } from '../src/domain/engine.js';
import type { PartReport } from './bench-plan.js';
import { table } from './page.js';
import type { PipelineFigures } from './pipeline.js';

const HEAD = [
  'model',
  'engine',
  'bare p50, ms',
  'fps',
  'of bare',
  'CPU-ms a frame',
  'beside inference',
  'of that decoding',
  'beside inference, raw 640×480',
  'latency p50 / p95 / p99, ms',
  'RSS, MB',
  'start-up, ms',
];

/** The pipeline's figures as a table; what is no detector for Lookout is named below it. */
export function pipelineReport(figures: readonly PipelineFigures[]): PartReport {
  const rows = figures.flatMap((figure) => {
    if (figure.kind === 'refused') return [];
    const { model, video, raw } = figure;
    const { pipeline, bareInferenceMs, engine } = video;
    const { p50, p95, p99 } = pipeline.latencyMs;
    return [
      [
        model,
        setupText(engine),
        bareInferenceMs.p50.toFixed(2),
        pipeline.fps.toFixed(1),
        `${(pipeline.shareOfBare * 100).toFixed(1)} %`,
        pipeline.cpuMsPerFrame.toFixed(2),
        pipeline.overheadCpuMsPerFrame.toFixed(2),
        pipeline.childCpuMsPerFrame.toFixed(2),
        raw.pipeline.overheadCpuMsPerFrame.toFixed(2),
        [p50, p95, p99].map((value) => value.toFixed(1)).join(' / '),
        (video.rssBytes / 1e6).toFixed(0),
        video.startUpMs.toFixed(0),
      ],
    ];
  });
  const refused = figures.filter(({ kind }) => kind === 'refused').map(({ model }) => model);
  const note = refused.length > 0 ? `No detectors that Lookout reads: ${refused.join(', ')}.` : '';
  return { markdown: `${table(HEAD, rows)}\n\n${note}`, plots: {} };
}
