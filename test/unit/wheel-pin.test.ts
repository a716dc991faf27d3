import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { pinOfWheel } from '../../tools/wheel-pin.js';
import { elfFile, smallWheel } from '../helpers/small-wheel.js';

const NAME = 'ai_edge_litert-1.2.3-cp311-cp311-manylinux_2_27_x86_64.whl';
const MEMBER = 'ai_edge_litert/libLiteRt.so';

describe('pinOfWheel()', () => {
  it('says where the library lies and what it is', () => {
    const { bytes, library, pin } = smallWheel();
    const part = bytes.subarray(pin.offset, pin.offset + pin.packedBytes);
    assert.deepEqual(inflateRawSync(part), library);
    assert.deepEqual([pin.version, pin.bytes, pin.elfMachine], ['9.9.9', 300_000, 62]);
    assert.match(pin.sha256, /^[0-9a-f]{64}$/);
  });

  it('finds the highest version of the C library that is asked for', () => {
    const library = elfFile(183, 500);
    library.write('GLIBC_2.17\0GLIBC_2.4\0GLIBC_2.34\0GLIBCXX_3.4.30', 100, 'latin1');
    const wheel = Buffer.from(zipSync({ [MEMBER]: library }));
    assert.deepEqual(pinOfWheel(NAME, wheel).glibc, '2.34');
  });

  it('refuses what it cannot pin', () => {
    const zip = (files: Parameters<typeof zipSync>[0]) => Buffer.from(zipSync(files));
    for (const [name, wheel, reason] of [
      ['other-1.0.whl', zip({}), /expected ai_edge_litert/],
      [NAME, Buffer.from('none'), /no zip archive/],
      [NAME, zip({ other: Buffer.alloc(9) }), /has no ai_edge_litert\/libLiteRt\.so/],
      [NAME, zip({ [MEMBER]: [elfFile(62, 99), { level: 0 }] }), /is not deflated/],
      [NAME, zip({ [MEMBER]: Buffer.from('text') }), /is no ELF file/],
    ] as const) {
      assert.throws(() => pinOfWheel(name, wheel), reason);
    }
  });
});
