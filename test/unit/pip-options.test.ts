import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import {
  mergePipOptions,
  parsePipFile,
  readPipOptions,
} from '../../src/engine-library/pip-options.js';
import { tempFolder } from '../helpers/temp-folder.js';

describe('parsePipFile()', () => {
  it('reads sections, both kinds of separators, comments and values over several lines', () => {
    const text = `
# a comment = not an option
[global]
Index_URL = https://index.example/simple?a=b#c
timeout: 60
; another
extra-index-url =
    https://one.example

    # between
    https://two.example
[install]
--no-index=true
`;
    assert.deepEqual(parsePipFile(text), [
      { section: 'global', name: 'index-url', value: 'https://index.example/simple?a=b#c' },
      { section: 'global', name: 'timeout', value: '60' },
      {
        section: 'global',
        name: 'extra-index-url',
        value: 'https://one.example\nhttps://two.example',
      },
      { section: 'install', name: 'no-index', value: 'true' },
    ]);
  });

  it('passes over what it does not understand', () => {
    assert.deepEqual(parsePipFile('  indented\nno separator\n[open\n\0\xff= \n'), [
      { section: '', name: '\0ÿ', value: '' },
    ]);
    assert.deepEqual(parsePipFile(''), []);
  });
});

describe('mergePipOptions()', () => {
  it('puts later files over earlier ones, install over global, the environment over all', () => {
    const options = mergePipOptions(
      [
        '[install]\na = early install\n[global]\nb = early\nc = early',
        '[global]\na = late global\nb = late\nc = late\n[freeze]\nb = of another command',
      ],
      { PIP_C: 'environment', PIP_DEFAULT_TIMEOUT: '9', PIPX: 'no option' },
    );
    assert.deepEqual(Object.fromEntries(options), {
      a: 'early install',
      b: 'late',
      c: 'environment',
      'default-timeout': '9',
    });
  });

  it('takes what is empty for not set', () => {
    const options = mergePipOptions(['[global]\na = \nb = set'], { PIP_B: '', PIP_C: '' });
    assert.deepEqual(Object.fromEntries(options), { b: 'set' });
  });
});

describe('readPipOptions()', () => {
  const folder = tempFolder();
  const at = (name: string) => join(folder, name);
  const env = {
    HOME: at('home'),
    XDG_CONFIG_DIRS: `${at('xdg1')}:${at('xdg2')}`,
    VIRTUAL_ENV: at('venv'),
  };
  const files = [
    'xdg1/pip/pip.conf',
    'xdg2/pip/pip.conf',
    'home/.pip/pip.conf',
    'home/.config/pip/pip.conf',
    'venv/pip.conf',
    'named.conf',
  ];
  for (const [i, name] of files.entries()) {
    const file = at(name);
    mkdirSync(dirname(file), { recursive: true });
    // The first sets all, each further one all but what the ones before it are to be seen by.
    const lines = files.slice(i).map((_, j) => `lookout-test-${i + j} = ${name}`);
    writeFileSync(file, `[global]\n${lines.join('\n')}\n`);
  }
  const seen = async (more: Record<string, string>) => {
    const options = await readPipOptions({ ...env, ...more });
    return files.map((_, i) => options.get(`lookout-test-${i}`));
  };

  it('reads global, user and site files in the order of pip', async () => {
    const named = files.length - 1;
    assert.deepEqual(await seen({}), [...files.slice(0, named), 'venv/pip.conf']);
  });

  it('reads the named file last and instead of the user files', async () => {
    assert.deepEqual(await seen({ PIP_CONFIG_FILE: at('named.conf') }), [
      'xdg1/pip/pip.conf',
      'xdg2/pip/pip.conf',
      'xdg2/pip/pip.conf',
      'xdg2/pip/pip.conf',
      'venv/pip.conf',
      'named.conf',
    ]);
    assert.equal((await seen({ PIP_CONFIG_FILE: at('absent') }))[2], 'home/.pip/pip.conf');
  });

  it('reads no file where the named one is /dev/null, and goes by XDG_CONFIG_HOME', async () => {
    assert.deepEqual(new Set(await seen({ PIP_CONFIG_FILE: '/dev/null' })), new Set([undefined]));
    assert.equal((await seen({ XDG_CONFIG_HOME: at('none') }))[3], 'home/.pip/pip.conf');
  });
});
