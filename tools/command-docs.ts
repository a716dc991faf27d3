import { type CommandSpec, isSlow } from '../src/commands/command-spec.js';
import { COMMAND_NAMES, specOf, topicPatternOf } from '../src/commands/command-table.js';
import { expectedBy, type ObjectSchema } from '../src/commands/json-schema.js';

/** The tables of docs/commands.md, for requests and for settings. */
export function commandTables(): readonly string[] {
  return [
    tableOf('request', '| topic | does | arguments | limit |\n|---|---|---|---|'),
    tableOf('setting', '| topic | is | value |\n|---|---|---|'),
  ];
}

function tableOf(kind: CommandSpec['kind'], head: string): string {
  const rows = COMMAND_NAMES.flatMap((name) => {
    const spec = specOf(name);
    if (spec.kind !== kind) return [];
    const topic = topicPatternOf(name).replace(/\{(\w+)\}/g, (_, id: string) => id.toUpperCase());
    return [`| \`${topic}\` | ${spec.doc} | ${lastCells(spec)} |`];
  });
  return [head, ...rows].join('\n');
}

function lastCells(spec: CommandSpec): string {
  if (spec.kind === 'setting') return inWords(expectedBy(spec.value));
  const marks = `${spec.limitS} s${isSlow(spec) ? ', slow' : ''}${spec.changes ? ', changes' : ''}`;
  return `${argumentsOf(spec.args)} | ${marks}`;
}

function argumentsOf({ properties, required, maxProperties }: ObjectSchema): string {
  const fields = Object.entries(properties).map(([name, schema]) => {
    const isOptional = maxProperties === undefined && !required.includes(name);
    return `\`${name}\`${isOptional ? ', optional' : ''}: ${inWords(expectedBy(schema))}`;
  });
  return fields.join(maxProperties === 1 ? '; or ' : '; ') || 'none';
}

function inWords(expected: string): string {
  return expected.replaceAll(/"([^"]*)"/g, '`$1`');
}
