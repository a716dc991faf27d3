/**
 * The camera's coordinate frame as robots call it. That of a camera's pictures is called optical:
 * x to the right, y down, z forward (REP 103).
 */
export function frameIdOf(camera: {
  readonly id: string;
  readonly frame_id: string | null;
}): string {
  return camera.frame_id ?? `${camera.id}_optical`;
}
