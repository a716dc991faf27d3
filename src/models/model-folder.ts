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
  return names
    .filter((name) => extname(name) === EXTENSION)
    .sort()
    .slice(0, MAX_MODELS)
    .map((name) => ({ name: basename(name, EXTENSION), file: join(folder, name) }));
}

/**
 * The model beside this one, or this one, whose file was changed last; null where nothing is known
 * of this one or it is that itself. One that is written just now may be whole only later.
 * @throws Error when the folder cannot be read.
 */
export async function newerModelBeside(file: string): Promise<ListedModel | null> {
  const models = await modelsBeside(file);
  const changedMs = await Promise.all(models.map((model) => changedAt(model.file)));
  const own = changedMs[models.findIndex((model) => model.file === resolve(file))];
  const newestMs = Math.max(...changedMs);
  const newest = models[changedMs.indexOf(newestMs)];
  return own !== undefined && newest && newestMs > own ? newest : null;
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
