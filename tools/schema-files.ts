import { readFileSync } from 'node:fs';
import { asyncApiDocument, jsonSchemaOf, PAYLOAD_NAMES } from '../src/contract/schema-documents.js';
import { TOPICS, type TopicSpec } from '../src/contract/topic-table.js';

const ROOT = new URL('../../', import.meta.url);
const TABLE = { begin: '<!-- topics -->', end: '<!-- /topics -->' };

/** What the contract's declaration says of itself, by path in the checkout. */
export function schemaFiles(): ReadonlyMap<string, string> {
  const { version } = JSON.parse(textOf('package.json')) as { version: string };
  return new Map([
    ...PAYLOAD_NAMES.map((name) => [`docs/schema/${name}.json`, json(jsonSchemaOf(name))] as const),
    ['docs/asyncapi.json', json(asyncApiDocument(version))],
    ['docs/mqtt.md', withTable(textOf('docs/mqtt.md'))],
  ]);
}

function withTable(page: string): string {
  const begin = page.indexOf(TABLE.begin) + TABLE.begin.length;
  return `${page.slice(0, begin)}\n\n${topicTable()}\n\n${page.slice(page.indexOf(TABLE.end))}`;
}

function topicTable(): string {
  const rows = Object.values(TOPICS).map((spec: TopicSpec) => {
    const { root, pattern, payload, retain, qos, doc } = spec;
    const path = root === undefined ? pattern : `${root}/${pattern}`;
    const topic = path.replace(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase());
    return `| \`${topic}\` | ${retainText(retain)} | ${qos} | [${payload}](schema/${payload}.json) | ${doc} |`;
  });
  return ['| topic | retained | QoS | payload | |', '|---|---|---|---|---|', ...rows].join('\n');
}

function retainText(retain: TopicSpec['retain']): string {
  if (typeof retain === 'string') return `\`${retain}\``;
  return retain ? 'yes' : 'no';
}

function textOf(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

function json(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
