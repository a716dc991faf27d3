import { unzipSync } from 'fflate';

/** Larger ones are no label files, and a packed one could unfold to any size. */
const MAX_FILE_BYTES = 1 << 20;
/** A model carries one or two; an archive may claim billions. */
const MAX_FILES = 16;

/**
 * Text files packed into a model: TensorFlow Lite metadata appends them to the file as a zip
 * archive. Empty where there is no archive or it cannot be read. Keys are the names in the archive.
 * @see https://ai.google.dev/edge/litert/models/metadata
 */
export function embeddedFiles(modelBytes: Uint8Array): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  let seen = 0;
  try {
    const entries = unzipSync(modelBytes, {
      filter: ({ name, size, originalSize }) => {
        seen += 1;
        if (seen > MAX_FILES) throw new RangeError(`more than ${MAX_FILES} files`);
        return name.endsWith('.txt') && Math.max(size, originalSize) <= MAX_FILE_BYTES;
      },
    });
    for (const [name, bytes] of Object.entries(entries)) {
      files.set(name, new TextDecoder().decode(bytes));
    }
  } catch {
    // Most models carry no archive, which the reader reports as an invalid one.
  }
  return files;
}
