import { availableParallelism } from 'node:os';
import { WorkerDetector, type WorkerDetectorOptions } from '../../src/detection/worker-detector.js';
import type { DetectorModel } from '../../src/domain/detector-model.js';
import type { EngineChoice } from '../../src/domain/engine.js';
import { FramePool } from '../../src/domain/frame-pool.js';
import { describeDetector, describeFile } from '../../src/models/detector-model.js';
import { readLabels } from '../../src/models/read-labels.js';
import { readModel } from '../../src/models/read-model.js';
import { referencePath } from './reference-data.js';

/** The engine that is always there. */
export const TFJS: EngineChoice = { name: 'tfjs', threads: Math.min(2, availableParallelism()) };

/** Starts the one inference worker that a test file may have. */
export function startDetector(options: Partial<WorkerDetectorOptions> = {}): WorkerDetector {
  return WorkerDetector.start({
    minScore: () => 0.3,
    pool: new FramePool(),
    timeoutMs: 60_000,
    ...options,
  });
}

/** Reads, loads and activates a model file, in the engine that is always there unless one is given. */
export async function useModel(
  detector: WorkerDetector,
  file: string,
  labelFile: string | null = null,
  engine: EngineChoice = TFJS,
): Promise<DetectorModel> {
  const bytes = await readModel(file);
  const labelText = labelFile === null ? null : await readLabels(labelFile);
  const model = describeDetector(bytes, describeFile(bytes), { labelText, fit: 'auto' });
  await detector.load(model, bytes.bytes, engine);
  await detector.activate();
  return model;
}

export const CLASSIC_SSD = referencePath('models/ssd_mobilenet_v1_coco_quant_detect.tflite');
export const DOG_VS_CAT = referencePath('models/ssdlite_mobiledet_dog_vs_cat_quant.tflite');
export const COCO_LABELS = referencePath('labels/labelmap_661_person_first.txt');
