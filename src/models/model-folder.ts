import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { ModelError, messageOf } from '../errors.js';

const EXTENSION = '.tflite';
/** More are not listed. */
const MAX_MODELS = 256;

/** A model file that can be asked for. */
export interface ListedModel {
  /** Its file's name without the ending. */
  readonly name: string;
  readonly file: string;
  /** When it was changed last, Unix ms. */
  readonly changedMs: number;
}

/**
 * The model files that lie beside this one, by name.
 * @throws Error when the folder cannot be read.
 */
export async function modelsBeside(file: string): Promise<readonly ListedModel[]> {
  const folder = dirname(resolve(file));
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (cause) {
    throw new Error(`Cannot list the models in "${folder}": ${messageOf(cause)}`, { cause });
  }
  const files = names.filter((name) => extname(name) === EXTENSION).sort();
  return await Promise.all(
    files.slice(0, MAX_MODELS).map(async (name) => {
      const file = join(folder, name);
      return { name: basename(name, EXTENSION), file, changedMs: await changedAt(file) };
    }),
  );
}

/** The one of these that was changed last, where that was after this file was; else null. */
export function newerModel(models: readonly ListedModel[], file: string): ListedModel | null {
  const own = models.find((model) => model.file === resolve(file));
  const [newest] = models.toSorted((one, other) => other.changedMs - one.changedMs);
  return own && newest && newest.changedMs > own.changedMs ? newest : null;
}

/** Unix ms; minus infinity for a file that is gone. */
async function changedAt(file: string): Promise<number> {
  return await stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => Number.NEGATIVE_INFINITY,
  );
}

/**
 * The file of a model beside this one, by its name or its path; no other can be asked for.
 * @throws ModelError when there is none.
 */
export async function findModelBeside(file: string, wanted: string): Promise<string> {
  const models = await modelsBeside(file);
  const found = models.find((model) => model.name === wanted || model.file === resolve(wanted));
  if (found) return found.file;
  const known = models.map(({ name }) => name).join(', ');
  const message = `Cannot find the model "${wanted}": beside the configured one there are ${known}`;
  throw new ModelError(message, { code: 'unreadable' });
}
