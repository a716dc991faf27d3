import { join } from 'node:path';
import { PROJECT_ROOT } from './reference-data.js';

/** Settings of the stand-in for rpicam-vid, which test/fixtures/rpicam/stand-in.mjs explains. */
export type StandInSettings = Readonly<
  Partial<Record<'VIDEO' | 'STRIDE' | 'CAMERAS' | 'SIZE' | 'MODE', string>>
>;

/** This process's environment with the stand-in first on PATH. */
export function standInEnv(settings: StandInSettings = {}): NodeJS.ProcessEnv {
  const variables = Object.entries(settings).map(([name, value]) => [
    `RPICAM_STAND_IN_${name}`,
    value,
  ]);
  const folder = join(PROJECT_ROOT, 'test', 'fixtures', 'rpicam');
  return {
    ...process.env,
    PATH: `${folder}:${process.env.PATH}`,
    ...Object.fromEntries(variables),
  };
}
