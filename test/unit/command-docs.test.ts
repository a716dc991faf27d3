import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { REFUSAL_REASONS } from '../../src/commands/refusal.js';
import { commandTables } from '../../tools/command-docs.js';
import { PROJECT_ROOT } from '../helpers/reference-data.js';

describe('docs/commands.md', () => {
  const page = readFileSync(join(PROJECT_ROOT, 'docs/commands.md'), 'utf8');

  it('has the tables that the commands give', () => {
    for (const table of commandTables()) assert.ok(page.includes(`\n${table}\n`), table);
  });

  it('explains every reason for a refusal', () => {
    for (const reason of REFUSAL_REASONS) assert.match(page, new RegExp(`^\\| \`${reason}\``, 'm'));
  });
});
