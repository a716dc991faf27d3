/** Content types of TLS records, RFC 8446 section 5.1. */
const TYPES: ReadonlyMap<number, string> = new Map([
  [20, 'change_cipher_spec'],
  [21, 'alert'],
  [22, 'handshake'],
  [23, 'application_data'],
]);
const HEADER_BYTES = 5;
/** 2^14 and what encryption adds. */
const MAX_RECORD_BYTES = 16_384 + 256;

/**
 * The content types of the TLS records that `bytes` consist of.
 * @throws Error where something else than a whole record stands.
 */
export function tlsRecords(bytes: Uint8Array): string[] {
  const types: string[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length; ) {
    if (at + HEADER_BYTES > bytes.length) throw new Error(`a cut header at byte ${at}`);
    const type = TYPES.get(view.getUint8(at));
    const length = view.getUint16(at + 3);
    if (type === undefined || view.getUint8(at + 1) !== 3 || length > MAX_RECORD_BYTES) {
      throw new Error(`no TLS record at byte ${at}`);
    }
    at += HEADER_BYTES + length;
    if (at > bytes.length) throw new Error(`a cut record that ends at byte ${at}`);
    types.push(type);
  }
  return types;
}
