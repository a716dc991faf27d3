import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { schemaFiles } from './schema-files.js';

const ROOT = new URL('../../', import.meta.url);
const FOLDER = new URL('docs/schema/', ROOT);

const files = schemaFiles();
rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER);
for (const [path, text] of files) writeFileSync(new URL(path, ROOT), text);
