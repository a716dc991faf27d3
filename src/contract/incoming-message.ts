/** A message on one of the topics that commands come in by. */
export interface IncomingMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly retain: boolean;
  /** Null with MQTT 3.1.1, which has none. */
  readonly properties: MessageProperties | null;
  /** Unix ms. */
  readonly receivedAtMs: number;
}

/** The properties of MQTT 5 that matter to commands; `correlationData` is copied where it is kept. */
export interface MessageProperties {
  readonly responseTopic?: string | undefined;
  readonly correlationData?: Uint8Array | undefined;
  /** In s: what is left of it, as the broker tells. */
  readonly messageExpiryInterval?: number | undefined;
}
