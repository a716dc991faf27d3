import { type CommandName, specOf } from './command-table.js';

/** Which commands are let in: none, those that change nothing, all, or those in a list. */
export type CommandPolicy = 'off' | 'readonly' | 'all' | readonly CommandName[];

/** Whether the policy lets a command in. */
export function isAllowed(name: CommandName, policy: CommandPolicy): boolean {
  switch (policy) {
    case 'off':
      return false;
    case 'readonly':
      return !specOf(name).changes;
    case 'all':
      return true;
    default:
      return policy.includes(name);
  }
}
