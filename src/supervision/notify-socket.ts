import { getSystemErrorName } from 'node:util';
import { addonFile, loadAddon } from '../native-addon.js';

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

/**
 * Prepares sending to a socket file or, with a leading `@`, an abstract name. Opens nothing, so
 * there is nothing to close.
 * @throws when the compiled part is missing, or was built for another machine.
 */
export function openNotifySocket(socketPath: string, file = addonFile('notify')): NotifySocket {
  const addon = loadAddon(file) as NotifyAddon;
  return {
    send(message) {
      const result = addon.send(socketPath, message);
      return result === 0 ? 'sent' : getSystemErrorName(result);
    },
  };
}
