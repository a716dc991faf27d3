import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  parseDocument,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import { ConfigError, messageOf } from '../errors.js';
import { readSmallFile, textOf } from './small-file.js';

/** A parsed file takes up to a thousand times its size in memory when it is made to. */
const MAX_BYTES = 128 * 1024;

/** Something in the file and the line, from 1, where it stands. */
export type FileNode =
  /** A scalar, or a list of scalars; what is nested in a list is given as `{}`. */
  | { readonly kind: 'value'; readonly value: unknown; readonly line: number }
  | { readonly kind: 'section'; readonly entries: readonly FileEntry[]; readonly line: number };

/** A name and what it stands for. */
export interface FileEntry {
  readonly name: string;
  readonly node: FileNode;
  readonly line: number;
}

/**
 * The entries of a YAML 1.2 file, none for an empty one. Only what is looked at is read and
 * aliases are refused, so a small file cannot grow large.
 * @throws ConfigError when the file cannot be read or is no single mapping.
 */
export async function readYamlFile(file: string): Promise<readonly FileEntry[]> {
  let text: string;
  try {
    text = textOf(await readSmallFile(file, MAX_BYTES));
  } catch (error) {
    throw problemAt(file, `cannot be read: ${messageOf(error)}`, error);
  }
  return entriesOf(file, text);
}

function entriesOf(file: string, text: string): readonly FileEntry[] {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    logLevel: 'error',
    prettyErrors: false,
    schema: 'core',
    resolveKnownTags: false,
    stringKeys: true,
    // The parser's own check compares every key with every other; FileReader does it with a set.
    uniqueKeys: false,
  });
  const [found] = [...document.errors, ...document.warnings];
  if (found) {
    const at = `${file}:${lines.linePos(found.pos[0]).line}`;
    throw problemAt(at, `not valid YAML: ${inWords(found)}`, found);
  }
  const reader = new FileReader(file, lines);
  const { contents } = document;
  if (contents === null || (isScalar(contents) && contents.value === null)) return [];
  if (!isMap(contents)) throw problemAt(file, 'not a mapping of keys to values');
  return reader.section(contents);
}

/** Turns the parser's nodes into ours. */
class FileReader {
  readonly #file: string;
  readonly #lines: LineCounter;

  constructor(file: string, lines: LineCounter) {
    this.#file = file;
    this.#lines = lines;
  }

  section(map: YAMLMap.Parsed): readonly FileEntry[] {
    const seen = new Set<string>();
    return map.items.map(({ key, value }) => {
      const line = this.#lineOf(key);
      const name = isScalar(key) ? String(key.value) : '';
      if (seen.has(name)) throw problemAt(`${this.#file}:${line}`, `the key stands there twice`);
      seen.add(name);
      return { name, line, node: this.#node(value, line) };
    });
  }

  #node(node: ParsedNode | null, line: number): FileNode {
    if (isMap(node)) return { kind: 'section', entries: this.section(node), line };
    if (isSeq(node)) {
      return { kind: 'value', value: node.items.map((item) => this.#scalar(item)), line };
    }
    return { kind: 'value', value: this.#scalar(node), line };
  }

  #scalar(node: ParsedNode | null): unknown {
    if (node === null) return null;
    if (isScalar(node)) return node.value;
    if (isAlias(node)) {
      throw problemAt(`${this.#file}:${this.#lineOf(node)}`, 'aliases (*name) are not supported');
    }
    return {};
  }

  #lineOf(node: ParsedNode): number {
    return this.#lines.linePos(node.range[0]).line;
  }
}

/** The parser's messages may quote the file, which may hold a secret. */
function inWords({ code, message }: YAMLError): string {
  switch (code) {
    case 'MULTIPLE_DOCS':
      return 'only one document is expected';
    case 'RESOURCE_EXHAUSTION':
      return 'nested too deeply';
    case 'TAG_RESOLVE_FAILED':
      return 'tags (!name) are not supported';
    case 'BAD_DIRECTIVE':
      return 'unknown directive';
    default:
      return message.replace(/:? ".*$/s, '');
  }
}

function problemAt(path: string, detail: string, cause?: unknown): ConfigError {
  return new ConfigError([{ path: path || '""', detail }], { cause });
}
