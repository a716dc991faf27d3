/** Where an answer goes. */
export interface ReplyAddress {
  readonly topic: string;
  /** Comes back to who asked, as it is; null: none was given. */
  readonly correlationData: Uint8Array | null;
}

/** An answer that is to be published as JSON with QoS 1, not retained. */
export interface Reply extends ReplyAddress {
  readonly payload: string;
  /** How long the broker keeps it for an asker who is away (MQTT 5). */
  readonly expiryS: number;
}
