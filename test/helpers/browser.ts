import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PROGRAM = '/usr/bin/chromium';

/** For a test's `skip` option: false where Debian's Chromium is installed, else the reason. */
export const noBrowser: string | false = existsSync(PROGRAM) ? false : 'chromium is not installed';

/** A headless browser that asks nobody but the pages it is given. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: PROGRAM,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  });
}
