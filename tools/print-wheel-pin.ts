import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { pinOfWheel } from './wheel-pin.js';

const pins = process.argv.slice(2).map((file) => pinOfWheel(basename(file), readFileSync(file)));
process.stdout.write(`${JSON.stringify(pins, null, 2)}\n`);
