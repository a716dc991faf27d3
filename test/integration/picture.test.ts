import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import type { Picture } from '../../src/domain/picture.js';
import { annotate } from '../../src/images/annotate.js';
import { pictureSize, readPicture } from '../../src/images/read-picture.js';
import { bitmap } from '../helpers/bitmap.js';
import { noReferenceData, referencePath } from '../helpers/reference-data.js';
import { tempFolder } from '../helpers/temp-folder.js';

const folder = tempFolder();
const [RED, BLUE] = [
  [255, 0, 0],
  [0, 0, 255],
];

function written(name: string, content: Uint8Array | string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

function pixelAt({ widthPx, data }: Picture, x: number, y: number): number[] {
  const at = (y * widthPx + x) * 3;
  return [...data.subarray(at, at + 3)];
}

function assertColour(actual: readonly number[], expected: readonly number[], within = 8): void {
  const isClose = expected.every((value, i) => Math.abs(value - actual[i]!) <= within);
  assert.ok(isClose, `${actual} for ${expected}`);
}

/** 40x20 pixels, the left half red and the right half blue. */
function redBesideBlue(): Sharp {
  const data = new Uint8Array(40 * 20 * 3);
  for (let i = 0; i < 40 * 20; i++) data.set(i % 40 < 20 ? RED : BLUE, i * 3);
  return sharp(data, { raw: { width: 40, height: 20, channels: 3 } });
}

/** A PNG of `width` by `height` as its header says, with the pixels of a single row at most. */
function pngClaiming(width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const pixels = deflateSync(Buffer.alloc(1_000));
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  const chunks = [chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([signature, ...chunks]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(data.length, 0);
  frame.set(body, 4);
  frame.writeUInt32BE(crc32(body), body.length + 4);
  return frame;
}

/** As in the PNG specification, annex D; node:zlib has it from 22 on only. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

describe('readPicture', () => {
  it('turns a JPEG upright as its EXIF orientation says', async () => {
    const jpeg = await redBesideBlue().withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const file = written('turned.jpg', jpeg);
    const picture = await readPicture(file);
    assert.deepEqual([picture.widthPx, picture.heightPx], [20, 40]);
    assertColour(pixelAt(picture, 10, 5), RED);
    assertColour(pixelAt(picture, 10, 35), BLUE);
    assert.deepEqual(await pictureSize(file), { widthPx: 20, heightPx: 40 });
  });

  it('stretches to the size asked for', async () => {
    const file = written('plain.png', await redBesideBlue().png().toBuffer());
    const picture = await readPicture(file, { widthPx: 30, heightPx: 60 });
    assert.deepEqual([picture.widthPx, picture.heightPx], [30, 60]);
    assert.equal(picture.data.length, 30 * 60 * 3);
    assertColour(pixelAt(picture, 3, 30), RED);
    assertColour(pixelAt(picture, 26, 30), BLUE);
  });

  it('puts transparent pixels on black', async () => {
    const data = Uint8Array.from([255, 0, 0, 255, 255, 255, 255, 0]);
    const png = await sharp(data, { raw: { width: 2, height: 1, channels: 4 } })
      .png()
      .toBuffer();
    const picture = await readPicture(written('alpha.png', png));
    assert.deepEqual([...picture.data], [255, 0, 0, 0, 0, 0]);
  });

  it('makes three channels of a grey picture', async () => {
    const data = Uint8Array.from({ length: 64 }, (_, i) => i * 4);
    const grey = sharp(data, { raw: { width: 8, height: 8, channels: 1 } }).toColourspace('b-w');
    const picture = await readPicture(written('grey.png', await grey.png().toBuffer()));
    assert.deepEqual(
      [...picture.data],
      [...data].flatMap((value) => [value, value, value]),
    );
  });

  it('makes bytes of 16 bits a channel', async () => {
    const data = Uint16Array.from([65535, 0, 32896, 0, 65535, 257]);
    const png = await sharp(data, { raw: { width: 2, height: 1, channels: 3 } })
      .toColourspace('rgb16')
      .png()
      .toBuffer();
    const file = written('deep.png', png);
    assert.equal((await sharp(file).metadata()).depth, 'ushort');
    const picture = await readPicture(file);
    assert.equal(picture.data.length, 6);
    assertColour([...picture.data], [255, 0, 128, 0, 255, 1], 1);
  });

  it('makes RGB of CMYK', async () => {
    const jpeg = await redBesideBlue().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
    const file = written('print.jpg', jpeg);
    assert.equal((await sharp(file).metadata()).channels, 4);
    const picture = await readPicture(file);
    const [red = 0, , inBlue = 0] = pixelAt(picture, 5, 10);
    assert.equal(picture.data.length, 40 * 20 * 3);
    assert.ok(red > 150 && inBlue < 100, `${pixelAt(picture, 5, 10)}`);
    const [inRed = 0, , blue = 0] = pixelAt(picture, 35, 10);
    assert.ok(inRed < 100 && blue > 100, `${pixelAt(picture, 35, 10)}`);
  });

  it('gives the bytes that the references were made with', { skip: noReferenceData }, async () => {
    const size = { widthPx: 300, heightPx: 300 };
    const { data } = await readPicture(referencePath('images/cat_720p.jpg'), size);
    const expected = readFileSync(referencePath('reference/inputs/cat_720p__300x300.rgb'));
    assert.equal(data.length, expected.length);
    // The scaler's arithmetic is not the same to the bit on every processor.
    const furthest = data.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - expected[i]!)),
      0,
    );
    assert.ok(furthest <= 2, `a value is off by ${furthest}`);
  });

  for (const [what, content, says] of [
    ['text', 'this is no picture', /unsupported image format/],
    ['an empty file', '', /./],
    ['a PNG that claims 100000x100000 pixels', pngClaiming(100_000, 100_000), /pixel limit/],
    ['a bitmap without a header', 'BM', /cut short/],
  ] as const) {
    it(`refuses ${what}, naming the file`, async () => {
      const file = written('bad.picture', content);
      await assert.rejects(readPicture(file), (thrown) => {
        assert.ok(thrown instanceof Error);
        assert.ok(thrown.message.startsWith(`Cannot read picture "${file}": `), thrown.message);
        assert.match(thrown.message, says);
        return true;
      });
    });
  }

  it('refuses pictures that were cut short', async () => {
    const jpeg = await redBesideBlue().resize(400, 400).jpeg().toBuffer();
    const png = await redBesideBlue().resize(400, 400).png({ compressionLevel: 0 }).toBuffer();
    for (const [name, bytes] of [
      ['cut.jpg', jpeg],
      ['cut.png', png],
    ] as const) {
      for (const share of [0.2, 0.5, 0.8]) {
        const file = written(name, bytes.subarray(0, bytes.length * share));
        await assert.rejects(readPicture(file), /^Error: Cannot read picture ".*": ./, name);
      }
    }
  });

  it('refuses what is not a file', async () => {
    mkdirSync(join(folder, 'folder.png'));
    await assert.rejects(readPicture(join(folder, 'folder.png')), /it is not a file/);
    await assert.rejects(readPicture('/dev/zero'), /it is not a file/);
    await assert.rejects(readPicture(join(folder, 'absent.png')), /no such file/);
  });
});

describe('readPicture of Windows bitmaps', () => {
  const GREEN_AND_BLUE = [
    [0, 255, 0, 255, 0, 0],
    [0, 0, 255, 128, 128, 128],
  ];
  const EXPECTED = [0, 255, 0, 0, 0, 255, 255, 0, 0, 128, 128, 128];

  async function read(wish: Parameters<typeof bitmap>[0]): Promise<number[]> {
    const picture = await readPicture(written('x.bmp', bitmap(wish)));
    assert.deepEqual([picture.widthPx, picture.heightPx], [wish.widthPx, wish.rows.length]);
    return [...picture.data];
  }

  it('reads 24 bits, from the bottom and from the top, behind headers of any length', async () => {
    const wish = { widthPx: 2, rows: GREEN_AND_BLUE, bitsPerPixel: 24 };
    assert.deepEqual(await read(wish), EXPECTED);
    assert.deepEqual(await read({ ...wish, topDown: true }), EXPECTED);
    assert.deepEqual(await read({ ...wish, headerBytes: 124 }), EXPECTED);
  });

  it('reads 32 bits without their alpha', async () => {
    const rows = [[0, 255, 0, 9, 255, 0, 0, 0]];
    assert.deepEqual(await read({ widthPx: 2, rows, bitsPerPixel: 32 }), [0, 255, 0, 0, 0, 255]);
  });

  it('reads 8, 4 and 1 bits through their palette', async () => {
    const palette = [
      [0, 0, 255, 0],
      [0, 255, 0, 0],
      [255, 0, 0, 0],
    ] as const;
    const colours = [255, 0, 0, 0, 0, 255, 0, 255, 0];
    const eight = await read({ widthPx: 3, rows: [[0, 2, 1]], bitsPerPixel: 8, palette });
    assert.deepEqual(eight, colours);
    const four = await read({ widthPx: 3, rows: [[0x02, 0x10]], bitsPerPixel: 4, palette });
    assert.deepEqual(four, colours);
    const bits = { widthPx: 10, rows: [[0b10000001, 0b01000000]], bitsPerPixel: 1 };
    const two = await read({ ...bits, palette: palette.slice(0, 2) });
    const green = [0, 7, 9];
    const expected = Array.from({ length: 10 }, (_, x) => (green.includes(x) ? [0, 255, 0] : RED));
    assert.deepEqual(two, expected.flat());
  });

  it('has black for an index that the palette does not hold', async () => {
    const wish = { widthPx: 1, rows: [[200]], bitsPerPixel: 8, palette: [] };
    assert.deepEqual(await read(wish), [0, 0, 0]);
  });

  it('tells its size', async () => {
    const file = written(
      'size.bmp',
      bitmap({ widthPx: 2, rows: GREEN_AND_BLUE, bitsPerPixel: 24 }),
    );
    assert.deepEqual(await pictureSize(file), { widthPx: 2, heightPx: 2 });
  });

  it('refuses compressed, odd, huge and shortened ones', async () => {
    const wish = { widthPx: 2, rows: GREEN_AND_BLUE, bitsPerPixel: 24 };
    await assert.rejects(read({ ...wish, compression: 1 }), /compression 1, expected/);
    await assert.rejects(
      read({ widthPx: 2, rows: [[1, 2, 3, 4]], bitsPerPixel: 16 }),
      /16 bits a pixel/,
    );
    await assert.rejects(read({ ...wish, widthPx: 0, rows: [[]] }), /it has 0x1 pixels/);
    const outdated = bitmap(wish);
    new DataView(outdated.buffer).setUint32(14, 12, true);
    await assert.rejects(readPicture(written('x.bmp', outdated)), /outdated/);
    const huge = bitmap(wish);
    new DataView(huge.buffer).setInt32(18, 100_000, true);
    new DataView(huge.buffer).setInt32(22, 100_000, true);
    await assert.rejects(readPicture(written('x.bmp', huge)), /100000x100000 pixels, at most/);
    const short = bitmap(wish).subarray(0, -1);
    await assert.rejects(readPicture(written('x.bmp', short)), /cut short/);
  });
});

describe('annotate', () => {
  it('draws the box where it belongs, and writes labels of any characters', async () => {
    const data = new Uint8Array(200 * 100 * 3).fill(255);
    const jpeg = await annotate({ widthPx: 200, heightPx: 100, data }, [
      {
        label: '<&"\'>',
        classId: 0,
        score: 0.5,
        box: { xMin: 0.25, yMin: 0.5, xMax: 0.75, yMax: 0.9 },
      },
    ]);
    const picture = await readPicture(written('annotated.jpg', jpeg));
    assert.deepEqual([picture.widthPx, picture.heightPx], [200, 100]);
    for (const [x, y] of [
      [50, 70],
      [150, 70],
      [100, 90],
    ] as const) {
      assertColour(pixelAt(picture, x, y), [255, 82, 82], 90);
    }
    assertColour(pixelAt(picture, 100, 70), [255, 255, 255]);
    assertColour(pixelAt(picture, 10, 70), [255, 255, 255]);
  });
});
