const MAX_LINE_CHARS = 500;

/** Cuts the text that a program says into lines; blank ones are left out, long ones cut off. */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  #unfinished = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(text: string): void {
    // ffmpeg ends lines that it means to overwrite with a carriage return.
    const lines = (this.#unfinished + text).split(/[\r\n]+/);
    this.#unfinished = (lines.pop() ?? '').slice(0, MAX_LINE_CHARS);
    for (const line of lines) this.#emit(line);
  }

  /** Says that no more text will come: what is there of a last line counts as one. */
  end(): void {
    this.#emit(this.#unfinished);
    this.#unfinished = '';
  }

  #emit(line: string): void {
    const text = line.trim().slice(0, MAX_LINE_CHARS);
    if (text !== '') this.#onLine(text);
  }
}
