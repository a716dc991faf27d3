"""A small one-stage detector: three levels of features, one square anchor a cell, six classes."""

import numpy as np
import tensorflow as tf

L = tf.keras.layers
STRIDES = (8, 16, 32)
# A box is coded as an offset of its centre and the logarithm of its size, divided by these; the
# values of the SSD coder, which TFLite_Detection_PostProcess undoes.
BOX_SCALES = np.array([10.0, 10.0, 5.0, 5.0], np.float32)
# Side of an anchor in cells.
ANCHOR_CELLS = 4


def build(width: int, height: int, classes: int, channels=(16, 32, 64, 96, 128), head: int = 56) -> tf.keras.Model:
    """Picture in -1..1 to coded boxes [anchors, 4] and logits of the classes [anchors, classes]."""
    picture = L.Input((height, width, 3))
    x = _conv(picture, channels[0], 3, 2)
    features = []
    for count, repeats in zip(channels[1:], (1, 2, 2, 1)):
        x = _conv(x, count, 3, 2)
        for _ in range(repeats - 1):
            x = L.Add()([x, _conv(x, count, 3)])
        features.append(x)
    levels = _pyramid(features[1:], head)
    boxes, logits = [], []
    for level in levels:
        cells = level.shape[1] * level.shape[2]
        box = L.Conv2D(4, 1)(_conv(level, head, 3))
        rare = tf.keras.initializers.Constant(-4.0)
        logit = L.Conv2D(classes, 1, bias_initializer=rare)(_conv(level, head, 3))
        boxes.append(L.Reshape((cells, 4))(box))
        logits.append(L.Reshape((cells, classes))(logit))
    return tf.keras.Model(picture, [L.Concatenate(1)(boxes), L.Concatenate(1)(logits)])


def _conv(x, channels: int, kernel: int = 1, stride: int = 1):
    x = L.Conv2D(channels, kernel, stride, "same", use_bias=False, kernel_initializer="he_normal")(x)
    return L.ReLU(6.0)(L.BatchNormalization(momentum=0.97, epsilon=1e-3)(x))


def _pyramid(features, channels: int):
    """From the coarsest level down, each adds what the coarser one has seen."""
    above = _conv(features[-1], channels)
    levels = [above]
    for feature in reversed(features[:-1]):
        larger = L.UpSampling2D(2, interpolation="nearest")(above)
        above = _conv(L.Add()([_conv(feature, channels), larger]), channels, 3)
        levels.insert(0, above)
    return levels


def anchors(width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
    """Anchors as centre y, centre x, height, width in fractions of the picture; and their strides."""
    boxes, strides = [], []
    for stride in STRIDES:
        y, x = np.mgrid[0 : height // stride, 0 : width // stride]
        side = np.full(y.size, ANCHOR_CELLS * stride)
        centres = [(y.ravel() + 0.5) * stride / height, (x.ravel() + 0.5) * stride / width]
        boxes.append(np.stack([*centres, side / height, side / width], 1))
        strides.append(np.full(y.size, stride))
    return np.concatenate(boxes).astype(np.float32), np.concatenate(strides).astype(np.float32)


def decode(coded, anchor_boxes):
    """Corners yMin, xMin, yMax, xMax of coded boxes."""
    coded = coded / BOX_SCALES
    centre = coded[..., :2] * anchor_boxes[:, 2:] + anchor_boxes[:, :2]
    half = tf.exp(tf.clip_by_value(coded[..., 2:], -4.0, 3.0)) * anchor_boxes[:, 2:] / 2
    return tf.concat([centre - half, centre + half], -1)
