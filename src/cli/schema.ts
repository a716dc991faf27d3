import { asyncApiDocument, jsonSchemaOf, PAYLOAD_NAMES } from '../contract/schema-documents.js';
import { UsageError } from '../errors.js';
import type { CommandContext } from './command-context.js';

/** `lookout schema`: the contract of the topics, for programs. */
export async function schemaCommand({
  positionals,
  version,
  stdout,
}: CommandContext): Promise<void> {
  const [name] = positionals;
  const payload = PAYLOAD_NAMES.find((known) => known === name);
  if (name !== 'asyncapi' && payload === undefined) {
    const names = ['asyncapi', ...PAYLOAD_NAMES].join(', ');
    throw new UsageError(`Cannot print the schema "${name}": expected one of ${names}`);
  }
  const document = payload === undefined ? asyncApiDocument(version) : jsonSchemaOf(payload);
  stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}
