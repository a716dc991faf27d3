/** TEMP */
export type LibraryState =
  | { readonly state: 'verified'; readonly file: string }
  | { readonly state: 'missing'; readonly detail: string };
export async function litertLibrary(): Promise<LibraryState> {
  return { state: 'missing', detail: 'it is missing' };
}
