import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ModelRef } from '../domain/detector-model.js';
import { ModelError, messageOf } from '../errors.js';
import { hasModelIdentifier } from './model-file.js';

/** Detectors for small boards take 0.5–30 MB; a larger file is something else. */
const MAX_MODEL_BYTES = 256 << 20;

/** A model file in memory. */
export interface ModelBytes extends ModelRef {
  readonly file: string;
  /** The whole file, over an ArrayBuffer of its own. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Reads a model file and names it.
 * @throws ModelError `unreadable` when it cannot be read or is no TensorFlow Lite file, saying what
 * it is instead where that can be told.
 */
export async function readModel(file: string): Promise<ModelBytes> {
  const bytes = await readWhole(file);
  const mistaken = whatItIsInstead(bytes);
  if (mistaken !== null) {
    throw new ModelError(`Cannot load model "${file}": ${mistaken}`, { code: 'unreadable' });
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const name = basename(file).replace(/\.tflite$/, '');
  return { id: `${name}@${sha256.slice(0, 12)}`, name, sha256, file, bytes };
}

async function readWhole(file: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const { size } = await regularFile(file);
    if (size > MAX_MODEL_BYTES) {
      throw new Error(`it has ${size} bytes, at most ${MAX_MODEL_BYTES} are read`);
    }
    const content = await readFile(file);
    // readFile may hand out a slice of a shared pool; the worker needs a buffer it can be given.
    return new Uint8Array(content);
  } catch (cause) {
    throw new ModelError(`Cannot load model "${file}": ${messageOf(cause)}`, {
      code: 'unreadable',
      cause,
    });
  }
}

async function regularFile(file: string): Promise<{ readonly size: number }> {
  const stats = await stat(file);
  if (stats.isDirectory()) throw new Error('it is a directory, expected a .tflite file');
  if (!stats.isFile()) throw new Error('it is a device or a pipe, expected a .tflite file');
  return stats;
}

function whatItIsInstead(bytes: Uint8Array): string | null {
  if (bytes.byteLength === 0) return 'the file is empty';
  if (hasModelIdentifier(bytes)) return null;
  const head = new TextDecoder().decode(bytes.subarray(0, 200)).trimStart();
  if (head.startsWith('version https://git-lfs.')) {
    return 'it is a Git LFS pointer, not the model itself; fetch it with "git lfs pull"';
  }
  if (/^<(!doctype|html)/i.test(head)) {
    return 'it is a web page, not a model; download the raw file instead of the page that shows it';
  }
  return 'it is no TensorFlow Lite file, the identifier "TFL3" is missing';
}
