/** Project on the package index whose wheels carry LiteRT. */
export const PROJECT = 'ai-edge-litert';

/** One build of LiteRT's shared library, and the wheel that it is taken from. */
export interface LibraryPin {
  readonly version: string;
  /** File name of the wheel. */
  readonly wheel: string;
  /** What the index must say of the wheel, if it says anything. */
  readonly wheelSha256: string;
  /**
   * Where the library's deflated bytes lie in the wheel. The wheel is known to the byte, so there is
   * no need to read its directory: one range of it is the library.
   */
  readonly offset: number;
  readonly packedBytes: number;
  /** Of the library itself. This hash alone decides whether a file is what it should be. */
  readonly bytes: number;
  readonly sha256: string;
  /** `e_machine` of its ELF header. */
  readonly elfMachine: number;
  /** Oldest C library it can be loaded with. */
  readonly glibc: string;
}

/**
 * The builds that Lookout was tested with, by `process.arch`. To move to another version, download
 * the wheels and paste what `npm run pin:litert -- WHEEL…` prints. The wheel's Python version does
 * not matter: all carry the same library at the same place.
 */
const PINS = new Map<string, LibraryPin>([
  [
    'x64',
    {
      version: '2.3.0',
      wheel: 'ai_edge_litert-2.3.0-cp311-cp311-manylinux_2_27_x86_64.whl',
      wheelSha256: '1f15078a6725d2357d9de9221664c29afa0545d807559c5f7199ce5e40b96b23',
      offset: 60_046,
      packedBytes: 3_182_214,
      bytes: 8_039_424,
      sha256: 'eec47eb35e2924b3166015887e652a58edc9af823ae38e02bf83bef2548300bb',
      elfMachine: 62,
      glibc: '2.27',
    },
  ],
  [
    'arm64',
    {
      version: '2.3.0',
      wheel: 'ai_edge_litert-2.3.0-cp311-cp311-manylinux_2_27_aarch64.whl',
      wheelSha256: '853fc608f96da87bd5f3458465dfb9abbf18d5ae6b94eceacead407146f175ae',
      offset: 71_386,
      packedBytes: 2_366_941,
      bytes: 5_991_672,
      sha256: 'b57687dc234d2b8b0598aef5a9c961ed24263df8f8b3f56adbee1cff618e544b',
      elfMachine: 183,
      glibc: '2.34',
    },
  ],
]);

/** The build for a machine, by its `process.arch`; null where there is none. */
export function pinFor(arch: string): LibraryPin | null {
  return PINS.get(arch) ?? null;
}
