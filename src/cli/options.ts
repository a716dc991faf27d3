import { UsageError } from '../errors.js';
import type { CommandContext } from './command-context.js';

type Options = CommandContext['options'];

/** The text of an option; null when it was not given. */
export function textOption(options: Options, name: string): string | null {
  const value = options.get(name);
  return typeof value === 'string' ? value : null;
}

/** @throws UsageError when the option was not given. */
export function requiredOption(options: Options, name: string): string {
  const value = textOption(options, name);
  if (value === null) throw new UsageError(`Cannot go on without --${name}`);
  return value;
}

/** @throws UsageError when the option is no number within the range, both ends included. */
export function numberOption(
  options: Options,
  name: string,
  range: { readonly min: number; readonly max: number; readonly isWhole?: boolean },
): number | null {
  const text = textOption(options, name);
  if (text === null) return null;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  const isFine = value >= range.min && value <= range.max;
  if (!isFine || (range.isWhole && !Number.isInteger(value))) {
    const kind = range.isWhole ? 'a whole number' : 'a number';
    throw new UsageError(
      `Cannot use --${name} "${text}": expected ${kind} from ${range.min} to ${range.max}`,
    );
  }
  return value;
}
