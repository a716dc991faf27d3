import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** pip's options by their long names, such as `index-url`; empty ones are left out. */
export type PipOptions = ReadonlyMap<string, string>;

/** Sections that hold for an installation, a later one over an earlier one. */
const SECTIONS = ['global', 'download', 'install'];
const SECTION = /^\[(.*)\]$/;
const OPTION = /^([^=:]+?)\s*[=:]\s*(.*)$/;

/**
 * The options that pip would work with here: its files, in its order, then its environment.
 * @see https://pip.pypa.io/en/stable/topics/configuration/
 */
export async function readPipOptions(env: Environment): Promise<PipOptions> {
  const texts: string[] = [];
  for (const file of await pipFiles(env)) texts.push(await readOr(file, ''));
  return mergePipOptions(texts, env);
}

/**
 * @param texts the configuration files, a later one over an earlier one.
 */
export function mergePipOptions(texts: readonly string[], env: Environment): PipOptions {
  const sections = new Map(SECTIONS.map((name) => [name, new Map<string, string>()]));
  for (const text of texts) {
    for (const { section, name, value } of parsePipFile(text)) {
      sections.get(section)?.set(name, value);
    }
  }
  const options = new Map([...sections.values()].flatMap((section) => [...section]));
  for (const [variable, value] of Object.entries(env)) {
    if (variable.startsWith('PIP_') && value) {
      options.set(normalName(variable.slice('PIP_'.length)), value);
    }
  }
  return new Map([...options].filter(([, value]) => value !== ''));
}

/**
 * Reads a file in the INI dialect of Python's RawConfigParser: comments take whole lines, and what
 * is indented goes on from the line before. What it does not understand it passes over.
 */
export function parsePipFile(
  text: string,
): readonly { readonly section: string; readonly name: string; readonly value: string }[] {
  const options: { section: string; name: string; value: string }[] = [];
  let section = '';
  let current: (typeof options)[number] | undefined;
  for (const line of text.split(/\r?\n/)) {
    const trimmed = line.trim();
    if (trimmed === '' || /^[#;]/.test(trimmed)) continue;
    if (current && /^\s/.test(line)) {
      current.value = `${current.value}\n${trimmed}`.trimStart();
      continue;
    }
    current = undefined;
    const header = SECTION.exec(trimmed)?.[1];
    const [, name, value] = OPTION.exec(trimmed) ?? [];
    if (header !== undefined) {
      section = header;
    } else if (name !== undefined && value !== undefined) {
      current = { section, name: normalName(name), value };
      options.push(current);
    }
  }
  return options;
}

/** All that pip reads, in its order: global, user, environment's, each where it is. */
async function pipFiles(env: Environment): Promise<readonly string[]> {
  const named = env.PIP_CONFIG_FILE;
  if (named === '/dev/null') return [];
  const home = env.HOME || homedir();
  const xdgFolders = (env.XDG_CONFIG_DIRS || '/etc/xdg').split(':').filter((dir) => dir !== '');
  const user = [
    join(home, '.pip', 'pip.conf'),
    join(env.XDG_CONFIG_HOME || join(home, '.config'), 'pip', 'pip.conf'),
  ];
  const isNamedThere = named !== undefined && (await readOr(named, null)) !== null;
  return [
    ...xdgFolders.map((folder) => join(folder, 'pip', 'pip.conf')),
    '/etc/pip.conf',
    ...(isNamedThere ? [] : user),
    // Only Python itself knows its prefix; a virtual environment that is active names it.
    ...(env.VIRTUAL_ENV ? [join(env.VIRTUAL_ENV, 'pip.conf')] : []),
    ...(named ? [named] : []),
  ];
}

async function readOr<T>(file: string, otherwise: T): Promise<string | T> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return otherwise;
  }
}

function normalName(name: string): string {
  return name.toLowerCase().replaceAll('_', '-').replace(/^--/, '');
}
