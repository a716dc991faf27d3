/** What became of one operator of the model, and at what cost. */
export interface OperatorReport {
  /** Place in the original graph. */
  readonly index: number;
  readonly name: string;
  /** Name of the tensor that it computes first. */
  readonly output: string;
  readonly becomes: 'int8' | 'float32' | 'float32 weights' | 'two steps' | 'unchanged';
  /** Why it is unchanged; null where it is not. */
  readonly reason: string | null;
  /** For a layer that became int8. */
  readonly weights: WeightsReport | null;
}

export interface WeightsReport {
  readonly channels: number;
  /** Channels that compute the same sums as before, whatever the input. */
  readonly exactChannels: number;
  /** The most that a channel's scale grew; 1 where none did. */
  readonly maxFactor: number;
  /** How far an output can be off because of that, in steps of the output, for any input at all. */
  readonly maxErrorSteps: number;
}

/** What a rewrite did. */
export interface RewriteReport {
  readonly operators: readonly OperatorReport[];
  /** Operators that were added to convert between forms of a tensor. */
  readonly conversions: number;
}

/** A report in figures. */
export interface RewriteSummary {
  readonly operators: number;
  readonly changedOperators: number;
  readonly conversions: number;
  /** Layers that became float32. */
  readonly floatLayers: number;
  /** Layers that became int8, and their channels. */
  readonly layers: number;
  readonly channels: number;
  readonly exactChannels: number;
  readonly maxFactor: number;
}

/** The figures of all operators together. */
export function summarise({ operators, conversions }: RewriteReport): RewriteSummary {
  const layers = operators.flatMap(({ weights }) => weights ?? []);
  return {
    operators: operators.length,
    changedOperators: operators.filter(({ becomes }) => becomes !== 'unchanged').length,
    conversions,
    floatLayers: operators.filter(({ becomes }) => becomes === 'float32 weights').length,
    layers: layers.length,
    channels: layers.reduce((sum, { channels }) => sum + channels, 0),
    exactChannels: layers.reduce((sum, { exactChannels }) => sum + exactChannels, 0),
    maxFactor: layers.reduce((max, { maxFactor }) => Math.max(max, maxFactor), 1),
  };
}
