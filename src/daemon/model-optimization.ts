import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { ModelError, messageOf } from '../errors.js';
import { type OperatorReport, type RewriteSummary, summarise } from '../models/quantize/report.js';
import { type RewriteResult, rewriteModel } from '../models/quantize/rewrite.js';
import { type ModelBytes, readModel } from '../models/read-model.js';

/** What came of a model that was to be optimized. */
export interface OptimizationReport {
  readonly file: string;
  readonly sha256: string;
  /** The file that was written; null where there was nothing to rewrite. */
  readonly out: string | null;
  readonly summary: RewriteSummary;
  readonly operators: readonly OperatorReport[];
}

/**
 * Writes a model in the form that is faster to compute.
 * @param out null for a name beside the file, ending in `.optimized.tflite`.
 * @throws ModelError when the file cannot be read as a model; Error when `out` cannot be written or
 * is there already with other contents.
 */
export async function optimizeModel(file: string, out: string | null): Promise<OptimizationReport> {
  const model = await readModel(file);
  const { bytes, changed, report } = rewrite(model);
  const target = out ?? file.replace(/(\.tflite)?$/, '.optimized.tflite');
  if (changed) await writeNew(target, bytes);
  return {
    file,
    sha256: model.sha256,
    out: changed ? target : null,
    summary: summarise(report),
    operators: report.operators,
  };
}

function rewrite({ file, bytes }: ModelBytes): RewriteResult {
  try {
    return rewriteModel(bytes);
  } catch (cause) {
    const message = `Cannot rewrite model "${file}": ${messageOf(cause)}`;
    throw new ModelError(message, { code: 'unreadable', cause });
  }
}

/** Writes a whole file or none; one that is there with these contents is left alone. */
async function writeNew(file: string, bytes: Uint8Array): Promise<void> {
  const unfinished = `${file}.${process.pid}.tmp`;
  try {
    const present = await readFile(file).catch(absent);
    if (present?.equals(bytes)) return;
    if (present) throw new Error('it is there already with other contents');
    await writeFile(unfinished, bytes, { flag: 'wx' });
    await rename(unfinished, file);
  } catch (cause) {
    await rm(unfinished, { force: true });
    throw new Error(`Cannot write "${file}": ${messageOf(cause)}`, { cause });
  }
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
