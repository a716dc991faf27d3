const MAGIC = [0x7f, 0x45, 0x4c, 0x46];
const MACHINE_OFFSET = 18;
const LITTLE_ENDIAN = 1;
const NAMES = new Map([
  [3, 'x86 (32-bit)'],
  [40, 'arm (32-bit)'],
  [62, 'x64'],
  [183, 'arm64'],
]);

/**
 * The machine that a program or library was made for, `e_machine` of its header; null when these
 * bytes do not begin an ELF file.
 * @see https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html
 */
export function elfMachine(bytes: Uint8Array): number | null {
  if (bytes.byteLength < MACHINE_OFFSET + 2) return null;
  if (!MAGIC.every((byte, i) => bytes[i] === byte)) return null;
  const isLittleEndian = bytes[5] === LITTLE_ENDIAN;
  return new DataView(bytes.buffer, bytes.byteOffset).getUint16(MACHINE_OFFSET, isLittleEndian);
}

/** An ELF machine in the words of `process.arch`. */
export function machineName(machine: number): string {
  return NAMES.get(machine) ?? `ELF machine ${machine}`;
}
