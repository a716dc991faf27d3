import type { Log } from '../log.js';
import type { NotifySocket } from './notify-socket.js';
import type { Supervisor } from './supervisor.js';

type State = Parameters<Supervisor['notify']>[0];

/** Changes of state wait here for a receiver that is busy; a start, a reload and a stop fit in. */
const WAITING_MAX = 4;
const RETRY_MS = 100;
/** Ten seconds: a service manager that does not read for longer has other troubles. */
const ATTEMPTS_MAX = 100;
const STATUS_MAX_CHARACTERS = 200;

interface WaitingMessage {
  readonly text: string;
  attempts: number;
}

/**
 * Tells systemd how the service does, after sd_notify(3). What finds the receiver's queue full is
 * tried again in order for ten seconds if it is a change of state, and dropped if it is a sign of
 * life, because the next one says the same.
 */
export class SystemdSupervisor implements Supervisor {
  readonly #socket: NotifySocket;
  readonly #startExtensionUs: number | null;
  readonly #log: Log;
  readonly #waiting: WaitingMessage[] = [];
  #starting = true;
  #dropped = 0;

  /**
   * @param startExtensionUs until `ready`, each sign of life moves the limit of the start this far
   * into the future (µs), so that a slow start is not taken for a failed one; null: never.
   */
  constructor(socket: NotifySocket, startExtensionUs: number | null, log: Log) {
    this.#socket = socket;
    this.#startExtensionUs = startExtensionUs;
    this.#log = log;
  }

  /** Messages given up since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  notify(state: State, status?: string): void {
    const lines = this.#linesOf(state);
    if (status !== undefined) lines.push(`STATUS=${singleLine(status)}`);
    const text = lines.join('\n');
    if (state === 'alive') {
      const result = this.#socket.send(text);
      if (result !== 'sent') this.#drop(text, result);
      return;
    }
    if (this.#waiting.length === WAITING_MAX) {
      this.#drop(this.#waiting.shift()?.text ?? '', 'too many are waiting');
    }
    this.#waiting.push({ text, attempts: 0 });
    // With others waiting the timer runs already, and this one must not overtake them.
    if (this.#waiting.length === 1) this.#sendWaiting();
  }

  #linesOf(state: State): string[] {
    switch (state) {
      case 'ready':
        this.#starting = false;
        return ['READY=1'];
      case 'reloading':
        // systemd tells this reload from an earlier one by the time, on CLOCK_MONOTONIC.
        return ['RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`];
      case 'stopping':
        return ['STOPPING=1'];
      case 'alive':
        return this.#starting && this.#startExtensionUs !== null
          ? ['WATCHDOG=1', `EXTEND_TIMEOUT_USEC=${this.#startExtensionUs}`]
          : ['WATCHDOG=1'];
      default:
        return state satisfies never;
    }
  }

  #sendWaiting(): void {
    for (let message = this.#waiting[0]; message !== undefined; message = this.#waiting[0]) {
      const result = this.#socket.send(message.text);
      message.attempts += 1;
      if (result !== 'sent' && message.attempts < ATTEMPTS_MAX) {
        setTimeout(() => this.#sendWaiting(), RETRY_MS).unref();
        return;
      }
      if (result !== 'sent') this.#drop(message.text, result);
      this.#waiting.shift();
    }
  }

  #drop(text: string, reason: string): void {
    this.#dropped += 1;
    const message = text.split('\n', 1)[0];
    this.#log.warn('Cannot tell the service manager', { message, reason, dropped: this.#dropped });
  }
}

/** A line break would begin another assignment of the protocol. */
function singleLine(status: string): string {
  return status.replace(/\p{Cc}+/gu, ' ').slice(0, STATUS_MAX_CHARACTERS);
}
