import type { CommandSpec } from './command-context.js';

/** Every command. To add one: a file named after it in this folder and an entry here. */
export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'check',
    summary: 'validate the configuration and show what would be used and published',
    positionals: '',
    options: [],
    config: 'all',
    load: async () => (await import('./check.js')).checkCommand,
  },
];
