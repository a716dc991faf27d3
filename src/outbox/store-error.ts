/** The store cannot be used as it is; the message is the reason only. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  /** Whether its files are not as they were written; otherwise a later attempt may succeed. */
  readonly isDamaged: boolean;

  constructor(reason: string, options: ErrorOptions & { readonly isDamaged: boolean }) {
    super(reason, options);
    this.isDamaged = options.isDamaged;
  }
}
