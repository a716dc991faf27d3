import { writeFileSync } from 'node:fs';
import { configurationPage, exampleFile } from './config-docs.js';

const ROOT = new URL('../../', import.meta.url);

writeFileSync(new URL('config/lookout.example.yaml', ROOT), exampleFile());
writeFileSync(new URL('docs/configuration.md', ROOT), configurationPage());
