/** Whoever started the process and wants to know how it does. */
export interface Supervisor {
  /** Never blocks and never throws; a message that cannot be sent now is dropped and counted. */
  notify(state: 'ready' | 'reloading' | 'alive' | 'stopping', status?: string): void;
}
