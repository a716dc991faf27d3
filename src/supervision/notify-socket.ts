import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { getSystemErrorName } from 'node:util';
import { messageOf } from '../errors.js';

/** What `native/notify.c` exports. */
interface NotifyAddon {
  /** Gives 0 or a negated errno; never blocks. */
  send(socketPath: string, message: string): number;
}

/** A datagram socket on which a service manager takes messages, see sd_notify(3). */
export interface NotifySocket {
  /** Never blocks. Gives `sent` or the error's name: `EAGAIN` when the receiver's queue is full. */
  send(message: string): string;
}

const ADDON_FILE = fileURLToPath(
  new URL('../../../native/build/Release/notify.node', import.meta.url),
);

/**
 * Prepares sending to a socket file or, with a leading `@`, an abstract name. Opens nothing, so
 * there is nothing to close.
 * @throws when the compiled part is missing, or was built for another machine.
 */
export function openNotifySocket(socketPath: string, addonFile = ADDON_FILE): NotifySocket {
  const addon = loadAddon(addonFile);
  return {
    send(message) {
      const result = addon.send(socketPath, message);
      return result === 0 ? 'sent' : getSystemErrorName(result);
    },
  };
}

function loadAddon(file: string): NotifyAddon {
  try {
    return createRequire(import.meta.url)(file);
  } catch (cause) {
    const found = messageOf(cause).split('\n')[0];
    throw new Error(
      `Cannot load "${file}": ${found}; build it on this machine with "npm run install"`,
      { cause },
    );
  }
}
