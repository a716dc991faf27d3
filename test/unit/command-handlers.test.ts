import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { COMMAND_NAMES } from '../../src/commands/command-table.js';
import { type CommandedParts, commandHandlers } from '../../src/daemon/command-handlers.js';

describe('commandHandlers', () => {
  it('obey every command that there is', () => {
    // Nothing is called while they are made.
    const handlers = commandHandlers({} as CommandedParts);
    assert.deepEqual(Object.keys(handlers).sort(), [...COMMAND_NAMES].sort());
  });
});
