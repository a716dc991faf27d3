import { mkdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import {
  PictureDetector,
  type PictureResult,
  writeAnnotated,
} from '../daemon/picture-detection.js';
import { startPlanner } from '../daemon/planning.js';
import { messageOf, UsageError } from '../errors.js';
import type { CommandContext } from './command-context.js';
import { commandLog } from './command-log.js';
import { numberOption, requiredOption, textOption } from './options.js';

type Entry =
  | ({ readonly file: string } & PictureResult)
  | { readonly file: string; readonly error: string };

/**
 * `lookout detect IMAGE…`: what a model sees in pictures. A picture that cannot be read is
 * reported and the others are gone on with.
 */
export async function detectCommand(context: CommandContext, signal: AbortSignal): Promise<void> {
  const { positionals, options, stdout } = context;
  const { config } = await context.loadConfig();
  const isJson = options.has('json');
  const source = {
    file: requiredOption(options, 'model'),
    labels: textOption(options, 'labels'),
    fit: config.model.fit,
  };
  const threshold = numberOption(options, 'threshold', { min: 0, max: 1 }) ?? 0.5;
  const outFileOf = await annotationFiles(positionals, textOption(options, 'annotate'));
  const planner = await startPlanner(config, context.env, commandLog(context, config));
  await using detector = await PictureDetector.start(
    { source, files: positionals, minScore: threshold, planner },
    signal,
  );
  const entries: Entry[] = [];
  for (const file of positionals) {
    if (signal.aborted) return;
    const entry = await detectOne(detector, file, outFileOf?.(file) ?? null);
    entries.push(entry);
    if (!isJson) stdout.write(entryText(entry));
  }
  if (isJson) {
    const document = { model: { id: detector.model.id }, images: entries };
    stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  }
  const failed = entries.filter((entry) => 'error' in entry);
  if (failed.length > 0) {
    throw new Error(`${failed.length} of ${entries.length} pictures could not be read`);
  }
}

async function detectOne(
  detector: PictureDetector,
  file: string,
  outFile: string | null,
): Promise<Entry> {
  try {
    const result = await detector.detect(file);
    if (outFile !== null) await writeAnnotated(file, result.detections, outFile);
    return { file, ...result };
  } catch (error) {
    return { file, error: messageOf(error) };
  }
}

/** One picture is drawn to the file that is named, several into a folder of that name. */
async function annotationFiles(
  files: readonly string[],
  out: string | null,
): Promise<((file: string) => string) | null> {
  if (out === null) return null;
  if (files.length === 1 && ['.jpg', '.jpeg'].includes(extname(out).toLowerCase())) {
    return () => out;
  }
  if (extname(out) !== '') {
    throw new UsageError(
      `Cannot annotate to "${out}": expected a folder, or a .jpg file for a single picture`,
    );
  }
  await mkdir(out, { recursive: true });
  return (file) => join(out, `${basename(file)}.jpg`);
}

function entryText(entry: Entry): string {
  if ('error' in entry) return `${entry.error}\n`;
  const { file, widthPx, heightPx, inferenceMs, detections } = entry;
  const found = detections.length === 0 ? 'nothing' : `${detections.length} found`;
  const lines = detections.map(({ label, score, box }) => {
    const corner = `${Math.round(box.xMin * widthPx)},${Math.round(box.yMin * heightPx)}`;
    const opposite = `${Math.round(box.xMax * widthPx)},${Math.round(box.yMax * heightPx)}`;
    return `  ${score.toFixed(2)}  ${label}  (${corner})–(${opposite}) px`;
  });
  const head = `${file}: ${widthPx}×${heightPx} px, ${inferenceMs.toFixed(1)} ms, ${found}`;
  return `${[head, ...lines].join('\n')}\n`;
}
