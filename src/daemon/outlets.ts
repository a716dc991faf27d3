import { ReleaseStack } from '../async/release-stack.js';
import type { Frame } from '../domain/frame.js';
import type { Problems } from '../health/problems.js';
import type { Log } from '../log.js';
import type { Publisher } from '../publishing/publisher.js';
import { withPictures } from './event-pictures.js';
import { followedLabels } from './followed-labels.js';
import { startLivePage, withLivePage } from './live.js';
import type { PublishedLog } from './log-topic.js';
import { lookForModels } from './model-list.js';
import type { ModelSide } from './model-side.js';
import { type MqttSide, type MqttSideParts, startMqttSide } from './mqtt-side.js';
import { openPictures, type Pictures } from './pictures.js';
import { openStreams, type Streams } from './stream-wiring.js';

/** What the outlets need of the daemon. */
export interface OutletParts extends Omit<MqttSideParts, 'shown' | 'onOutboxProblem'> {
  readonly model: Pick<ModelSide, 'choice' | 'firstModel'>;
  readonly detector: { copyOfLastFrame(): Frame | null };
  readonly problems: Problems;
  /** The log, of which a part gets out as well. */
  readonly told: Pick<PublishedLog, 'publishBy'>;
  /** How many ports are tried for the live page while they are taken; 1 unless given. */
  readonly portTries?: number;
  /** Is told where the live page is. */
  readonly onLivePage?: (url: string) => void;
}

/** Everything by which something gets out of the daemon. */
export interface Outlets extends MqttSide {
  readonly streams: Streams;
  readonly pictures: Pictures;
  /** Tells all of them, with pictures. */
  readonly publisher: Publisher;
}

/**
 * Opens what the configuration wants; nothing is sent before `open`. Disposal says good-bye,
 * when the live page is gone.
 * @throws as `startMqttSide` does.
 */
export async function openOutlets(
  parts: OutletParts,
  log: Log,
  signal: AbortSignal,
): Promise<Outlets> {
  const { config, detector, problems, portTries = 1, onLivePage } = parts;
  const { choice, firstModel } = parts.model;
  await using opened = new ReleaseStack();
  const shown = {
    labels: followedLabels(config, firstModel.model),
    models: (await lookForModels(choice)).names,
  };
  const onOutboxProblem = (detail: string | null): void => problems.report('outbox', detail);
  const side = opened.use(await startMqttSide({ ...parts, shown, onOutboxProblem }, log, signal));
  const { mqtt } = side;
  parts.told.publishBy(mqtt);
  const streams = opened.use(await openStreams(config, mqtt, parts, log));
  const pictures = opened.use(openPictures(config, detector, mqtt, log));
  const page = opened.use(await startLivePage(config, pictures.lastFrame, log, portTries));
  if (page !== null) onLivePage?.(page.url);
  const publisher = withLivePage(withPictures(mqtt, pictures.ofEvents), page);
  const held = opened.move();
  const release = (): Promise<void> => held[Symbol.asyncDispose]();
  return { ...side, streams, pictures, publisher, [Symbol.asyncDispose]: release };
}
