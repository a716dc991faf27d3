/** One thing that is wrong with the configuration. */
export interface ConfigProblem {
  /** Dotted key such as `camera.width`, or a file's name for a problem with the file as a whole. */
  readonly path: string;
  /** What was found and what is valid, in one sentence without a full stop. */
  readonly detail: string;
}

/** The configuration cannot be used. `main` prints every problem and exits with 78. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[], options?: ErrorOptions) {
    super(problems.map(({ path, detail }) => `${path}: ${detail}`).join('\n'), options);
    this.problems = problems;
  }
}

/** The command line cannot be understood. `main` prints it and exits with 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The camera gives no frames. The capture loop reports it and tries again with back-off. */
export class CameraError extends Error {
  override readonly name = 'CameraError';
}

/** Why a model cannot be used, as a stable word for programs. */
export type ModelErrorCode = 'unreadable' | 'not-a-detector' | 'unsupported' | 'failed-on-frame';

/** A model cannot be used: at the start exit 78, at a reload the running one goes on. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly code: ModelErrorCode;

  constructor(message: string, options: ErrorOptions & { readonly code: ModelErrorCode }) {
    super(message, options);
    this.code = options.code;
  }
}

/** One frame could not be run through the model. The pipeline drops and counts it. */
export class InferenceError extends Error {
  override readonly name = 'InferenceError';
}

/** The process was asked to end so that whoever supervises it starts it again: exit code 75. */
export class RestartWanted extends Error {
  override readonly name = 'RestartWanted';
}

/** Nobody caught an error: the process ends with it as the cause. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/** The text of whatever was thrown; what the system says of files is put in words. */
export function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const code = 'code' in thrown ? thrown.code : undefined;
  return FILE_ERRORS.get(code) ?? thrown.message;
}

const FILE_ERRORS = new Map<unknown, string>([
  ['ENOENT', 'no such file'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EISDIR', 'a directory, not a file'],
  ['ENOTDIR', 'a part of the path is not a directory'],
  ['ENOSPC', 'the disk is full'],
  ['EROFS', 'the file system is read-only'],
]);
