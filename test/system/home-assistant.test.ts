import { describe, it } from 'node:test';
import { runChecks, unlessAskedFor } from '../helpers/shell-checks.js';

const SCRIPT = 'test/home-assistant/home-assistant.sh';
const skip = unlessAskedFor('home-assistant');

describe('Home Assistant discovery', () => {
  it("agrees with Home Assistant's own schemas", { timeout: 900_000 }, async (t) => {
    await runChecks(t, SCRIPT, ['validate']);
  });

  it('shows every entity in a real Home Assistant', { skip, timeout: 900_000 }, async (t) => {
    await runChecks(t, SCRIPT, ['check']);
  });

  it('shows a running daemon, and goes along with it', { skip, timeout: 1_800_000 }, async (t) => {
    await runChecks(t, 'test/home-assistant/daemon.sh');
  });
});
