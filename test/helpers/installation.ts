import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PROJECT_ROOT } from './reference-data.js';
import { tempFolder } from './temp-folder.js';

/** Lookout as it is installed, in a folder of its own and without LiteRT's library. */
export interface Installation {
  /** The program, as `MAIN` is that of the checkout. */
  readonly main: string;
  /** Where LiteRT's library belongs; its folder is there. */
  readonly library: string;
}

export function installation(): Installation {
  const root = tempFolder();
  cpSync(join(PROJECT_ROOT, 'dist', 'src'), join(root, 'dist', 'src'), { recursive: true });
  cpSync(join(PROJECT_ROOT, 'package.json'), join(root, 'package.json'));
  symlinkSync(join(PROJECT_ROOT, 'node_modules'), join(root, 'node_modules'));
  const library = join(root, 'native', 'litert', 'libLiteRt.so');
  mkdirSync(dirname(library), { recursive: true });
  symlinkSync(join(PROJECT_ROOT, 'native', 'build'), join(root, 'native', 'build'));
  return { main: join(root, 'dist', 'src', 'main.js'), library };
}
