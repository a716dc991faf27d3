import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pinFor } from '../../src/engine-library/library-pin.js';
import { type LibraryState, readLibraryState } from '../../src/engine-library/library-state.js';
import { currentPlatform, whyUnsupported } from '../../src/engine-library/platform.js';
import { elfFile, smallWheel } from '../helpers/small-wheel.js';
import { tempFolder } from '../helpers/temp-folder.js';

const { pin, library } = smallWheel();
const FILE = join(tempFolder(), 'libLiteRt.so');
const MODERN = { arch: 'x64', glibc: '2.36' };

async function stateOf(bytes: Uint8Array): Promise<LibraryState> {
  writeFileSync(FILE, bytes);
  return await readLibraryState({ file: FILE, pin, platform: MODERN });
}

function assertState(state: LibraryState, kind: LibraryState['kind'], reason: RegExp): void {
  assert.equal(state.kind, kind);
  assert.match('reason' in state ? state.reason : '', reason);
}

describe('readLibraryState()', () => {
  it('is missing where there is no file', async () => {
    const state = await readLibraryState({ file: '/nonexistent/x.so', pin, platform: MODERN });
    assertState(state, 'missing', /^there is no "\/nonexistent\/x\.so"$/);
  });

  it('is verified where the file is the pinned one to the bit', async () => {
    const state = await stateOf(library);
    assert.deepEqual(state, { kind: 'verified', libraryFile: FILE, version: '9.9.9' });
  });

  it('is damaged where it is another one', async () => {
    assertState(
      await stateOf(elfFile(62, library.length)),
      'damaged',
      /SHA-256 is \w{64}, expected/,
    );
    assertState(
      await stateOf(library.subarray(0, 999)),
      'damaged',
      /has 999 bytes, expected 300000$/,
    );
    assertState(await stateOf(Buffer.concat([library, library])), 'damaged', /more than 300000 b/);
    assertState(await stateOf(Buffer.from('<html>')), 'damaged', /no library at all$/);
    assertState(await stateOf(Buffer.alloc(0)), 'damaged', /no library at all$/);
  });

  it('is of the wrong architecture where it was made for another machine', async () => {
    const reason = /libLiteRt\.so" is for arm64, expected x64$/;
    assertState(await stateOf(elfFile(183, 5000)), 'wrong-architecture', reason);
    assertState(await stateOf(elfFile(9, 50)), 'wrong-architecture', /is for ELF machine 9/);
  });

  it('is damaged where it cannot be read', async () => {
    const folder = `${FILE}.d`;
    mkdirSync(folder);
    const state = await readLibraryState({ file: folder, pin, platform: MODERN });
    assertState(state, 'damaged', /^cannot read ".*": /);
  });

  it('is unsupported on a machine that cannot load it, whatever is there', async () => {
    writeFileSync(FILE, library);
    const platform = { arch: 'x64', glibc: null };
    assertState(
      await readLibraryState({ file: FILE, pin, platform }),
      'unsupported',
      /another one$/,
    );
  });
});

describe('whyUnsupported()', () => {
  it('wants the C library that the build was made for, or a later one', () => {
    for (const [arch, glibc, reason] of [
      ['x64', '2.27', null],
      ['x64', '2.26', /needs the GNU C library 2\.27 or later, and this system has 2\.26$/],
      ['arm64', '2.31', /2\.34 or later, and this system has 2\.31$/],
      ['arm64', '2.34', null],
      ['arm64', '2.100', null],
      ['arm64', '3.0', null],
      ['x64', null, /this system has another one$/],
    ] as const) {
      const found = whyUnsupported({ arch, glibc }, pinFor(arch));
      if (reason === null) assert.equal(found, null);
      else assert.match(found ?? '', reason);
    }
  });

  it('knows no build for other machines', () => {
    assert.match(whyUnsupported({ arch: 'arm', glibc: '2.36' }, pinFor('arm')) ?? '', /64-bit/);
    assert.match(
      whyUnsupported({ arch: 'riscv64', glibc: '2.36' }, pinFor('riscv64')) ?? '',
      /no L/,
    );
  });

  it('is told the platform of this process', () => {
    const { arch, glibc } = currentPlatform();
    assert.equal(arch, process.arch);
    assert.ok(glibc === null || /^\d+\.\d+$/.test(glibc), `glibc ${glibc}`);
  });
});
