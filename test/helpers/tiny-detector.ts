import { encode } from 'flatbuffers/js/flexbuffers.js';
import { TYPE, tinyGraph } from './tiny-graph.js';

const RESHAPE = 22;
const CUSTOM = 32;
const [ROWS, COLUMNS] = [6, 8];
const ANCHORS = ROWS * COLUMNS;

/**
 * A detector that runs in microseconds: three classes, and something wherever the picture, 8 pixels
 * square, is bright.
 */
export function tinyDetector(): Uint8Array<ArrayBuffer> {
  const pixels = { scale: 1 / 255, zeroPoint: 0 };
  const perAnchor = { ...pixels, shape: [1, ANCHORS, 4] };
  const results = [[1, 10, 4], [1, 10], [1, 10], [1]];
  return tinyGraph({
    tensors: [
      { ...pixels, shape: [1, 8, 8, 3] },
      { shape: [3], type: TYPE.int32, data: Int32Array.of(1, ANCHORS, 4) },
      perAnchor,
      perAnchor,
      { shape: [ANCHORS, 4], type: TYPE.float32, data: anchors() },
      ...results.map((shape) => ({ shape, type: TYPE.float32 })),
    ],
    operators: [
      { builtin: RESHAPE, inputs: [0, 1], outputs: [2] },
      { builtin: RESHAPE, inputs: [0, 1], outputs: [3] },
      {
        builtin: CUSTOM,
        name: 'TFLite_Detection_PostProcess',
        inputs: [2, 3, 4],
        outputs: [5, 6, 7, 8],
        customOptions: new Uint8Array(
          encode({
            ...{ max_detections: 10, max_classes_per_detection: 1, num_classes: 3 },
            ...{ nms_score_threshold: 0.3, nms_iou_threshold: 0.6, use_regular_nms: false },
            ...{ y_scale: 10.0, x_scale: 10.0, h_scale: 5.0, w_scale: 5.0 },
          }),
        ),
      },
    ],
    inputs: [0],
    outputs: [5, 6, 7, 8],
  });
}

/** Centre and size of each, as y, x, height, width. */
function anchors(): Float32Array {
  return Float32Array.from({ length: ANCHORS * 4 }, (_, i) => {
    const anchor = Math.floor(i / 4);
    const y = (Math.floor(anchor / COLUMNS) + 0.5) / ROWS;
    const x = ((anchor % COLUMNS) + 0.5) / COLUMNS;
    return [y, x, 1 / ROWS, 1 / COLUMNS][i % 4] ?? 0;
  });
}
