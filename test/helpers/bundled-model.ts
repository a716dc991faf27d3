import { join } from 'node:path';
import { PROJECT_ROOT } from './reference-data.js';

/** The detector that comes with Lookout. */
export const BUNDLED_MODEL = join(PROJECT_ROOT, 'models', 'lookout-demo.tflite');
