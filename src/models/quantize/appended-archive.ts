/** Signatures of ZIP records, as little-endian numbers. */
const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;

/**
 * Corrects the archive at the end of a model file after bytes were put in front of the model:
 * an archive counts its offsets from the start of the file it is appended to, and the label files
 * inside a model are such an archive. Where there is none, or one that contradicts itself, the file
 * stays as it is from there on.
 * Format: APPNOTE.TXT of PKWARE, 4.3.12 and 4.3.16; archives with a comment are not looked for, as
 * TensorFlow Lite's metadata writer makes none.
 */
export function moveArchive(file: Uint8Array<ArrayBuffer>, byBytes: number): void {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const end = file.length - END_BYTES;
  if (end < 0 || view.getUint32(end, true) !== END_OF_DIRECTORY) return;
  const move = (at: number): void => view.setUint32(at, view.getUint32(at, true) + byBytes, true);
  move(end + 16);
  let entry = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    if (entry > end - ENTRY_BYTES || view.getUint32(entry, true) !== DIRECTORY_ENTRY) return;
    move(entry + 42);
    const lengths = [28, 30, 32].map((at) => view.getUint16(entry + at, true));
    entry += lengths.reduce((sum, length) => sum + length, ENTRY_BYTES);
  }
}
