import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { type CommandedParts, commandHandlers } from '../../src/daemon/command-handlers.js';

const PAGE = readFileSync(new URL('../../../docs/commands.md', import.meta.url), 'utf8');

describe('commandHandlers', () => {
  it('are those that the page says are obeyed', () => {
    const said = /This version obeys (.*?)\./s.exec(PAGE)?.[1] ?? '';
    const names = [...said.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
    // Nothing is called while they are made.
    const handlers = commandHandlers({} as CommandedParts);
    assert.deepEqual(Object.keys(handlers).sort(), names.sort());
  });
});
