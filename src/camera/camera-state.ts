/** Whether frames flow, and why not. */
export type CameraState =
  | { readonly online: true }
  | { readonly online: false; readonly reason: string };
