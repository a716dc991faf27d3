import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { WorkerDetector } from '../../src/detection/worker-detector.js';
import type { EngineChoice } from '../../src/domain/engine.js';
import { litert, noLitert } from '../helpers/litert-library.js';
import { startDetector, TFJS } from '../helpers/loaded-detector.js';
import { compareWithReferences, REFERENCE_CASES } from '../helpers/reference-cases.js';
import { noReferenceData } from '../helpers/reference-data.js';
import type { Tolerance } from '../helpers/reference-detections.js';

/** The references are those of TensorFlow Lite 2.9; XNNPACK rounds differently. */
const ENGINES: readonly {
  readonly name: string;
  readonly engine: EngineChoice;
  readonly tolerance: Tolerance;
  readonly skip: string | false;
}[] = [
  {
    name: 'tfjs',
    engine: TFJS,
    tolerance: { iou: 0.9, score: 0.05 },
    skip: false,
  },
  {
    name: 'LiteRT with builtin kernels',
    engine: litert('builtin'),
    tolerance: { iou: 0.9, score: 0.03 },
    skip: noLitert,
  },
  {
    name: 'LiteRT with XNNPACK',
    engine: litert('xnnpack'),
    tolerance: { iou: 0.85, score: 0.08 },
    skip: noLitert,
  },
];

for (const { name, engine, tolerance, skip } of ENGINES) {
  describe(`WorkerDetector on the reference pictures, ${name}`, {
    skip: noReferenceData || skip,
  }, () => {
    const summaries: string[] = [];
    let detector: WorkerDetector | undefined;

    after(async () => {
      await detector?.[Symbol.asyncDispose]();
    });

    for (const example of REFERENCE_CASES) {
      it(`finds what is known of ${example.model}`, async (t) => {
        detector ??= startDetector({ minScore: () => 0.05 });
        const { summary, misses } = await compareWithReferences(
          detector,
          example,
          tolerance,
          engine,
        );
        t.diagnostic(summary);
        summaries.push(summary);
        assert.deepEqual(misses, []);
      });
    }

    it('met every kind of detector, and something in the pictures', () => {
      assert.equal(summaries.length, REFERENCE_CASES.length);
      assert.ok(summaries.some((summary) => /, \d\d of \d\d found/.test(summary)));
    });
  });
}
