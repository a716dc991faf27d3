import type { LoadedConfig } from './load-config.js';
import { type Origin, originText } from './setting.js';
import { shownValues } from './shown-values.js';
import { yamlText } from './yaml-text.js';

const MAX_ALIGNED_WIDTH = 48;
/** A longer list has a line for each item. */
const MAX_LIST_WIDTH = 60;

/** The effective configuration as YAML, each value with its origin, secrets blotted out. */
export function explain(loaded: LoadedConfig): string {
  const lines: { text: string; origin?: Origin }[] = [];
  let section = '';
  for (const [path, value] of shownValues(loaded)) {
    const [name = '', child] = path.split('.');
    if (child !== undefined && name !== section) lines.push({ text: `${name}:` });
    section = name;
    const text = child === undefined ? `${name}: ` : `  ${child}: `;
    const origin = loaded.origins.get(path) ?? { kind: 'default' };
    if (Array.isArray(value) && yamlText(value).length > MAX_LIST_WIDTH) {
      const indent = child === undefined ? '  ' : '    ';
      lines.push({ text: text.trimEnd(), origin });
      lines.push(...value.map((item) => ({ text: `${indent}- ${yamlText(item)}` })));
      continue;
    }
    lines.push({ text: text + yamlText(value), origin });
  }
  const width = Math.min(MAX_ALIGNED_WIDTH, Math.max(...lines.map(({ text }) => text.length)));
  return lines
    .map(({ text, origin }) => (origin ? `${text.padEnd(width)}  # ${originText(origin)}` : text))
    .join('\n');
}
