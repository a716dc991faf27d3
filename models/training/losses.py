"""What the network is to answer for a picture, and how wrong an answer is.

Anchors are given to objects by how well they already answer them (task-aligned assignment, Feng et
al., "TOOD", ICCV 2021), scores learn the overlap of their box (Zhang et al., "VarifocalNet", CVPR
2021), boxes by complete IoU (Zheng et al., "Distance-IoU Loss", AAAI 2020).
"""

import tensorflow as tf

ANCHORS_PER_OBJECT = 10
BOX_WEIGHT = 2.5


def overlap(a, b, aspect: float):
    """IoU and complete IoU of boxes; `aspect` is the picture's width through its height."""
    low = tf.maximum(a[..., :2], b[..., :2])
    high = tf.minimum(a[..., 2:], b[..., 2:])
    common = tf.reduce_prod(tf.maximum(high - low, 0.0), -1)
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    union = tf.reduce_prod(size_a, -1) + tf.reduce_prod(size_b, -1) - common
    iou = common / (union + 1e-9)
    square = tf.constant([1.0, aspect])
    around = (tf.maximum(a[..., 2:], b[..., 2:]) - tf.minimum(a[..., :2], b[..., :2])) * square
    apart = ((a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2) * square
    distance = tf.reduce_sum(apart**2, -1) / (tf.reduce_sum(around**2, -1) + 1e-9)
    angle = lambda size: tf.atan(size[..., 1] * aspect / (size[..., 0] + 1e-9))
    shape = 0.4053 * (angle(size_b) - angle(size_a)) ** 2
    weight = tf.stop_gradient(shape / (shape - iou + 1 + 1e-9))
    return iou, iou - distance - weight * shape


def assign(scores, boxes, objects, anchor_boxes, strides, size):
    """For each anchor: whether it has an object, the score it should give, and whose it is.

    Also which labels an anchor may give or not, as it likes: those of the objects around it that do
    not count. What comes into the picture has its name from the first glimpse, or none.
    """
    width, height = size
    aspect = width / height
    label, corners, counts = objects[..., 0], objects[..., 1:5], objects[..., 5]
    is_wanted = (label >= 0) & (counts > 0)
    is_ignored = (label >= 0) & (counts <= 0)
    centre = anchor_boxes[None, None, :, :2]
    low, high = corners[:, :, None, :2], corners[:, :, None, 2:]
    is_inside = tf.reduce_all((centre > low) & (centre < high), -1)
    # The smallest objects may lie between the centres of all cells.
    away = tf.abs(centre - (low + high) / 2) * tf.constant([float(height), float(width)])
    is_near = tf.reduce_all(away <= 4.01, -1) & (strides == 8.0)[None, None]
    may_have = (is_inside | is_near) & is_wanted[:, :, None]
    rows = tf.shape(objects)[1]
    iou, _ = overlap(tf.tile(boxes[:, None], [1, rows, 1, 1]), corners[:, :, None, :], aspect)
    iou = tf.maximum(iou, 0.0)
    index = tf.cast(tf.maximum(label, 0.0), tf.int32)
    score = tf.gather(tf.transpose(scores, [0, 2, 1]), index, batch_dims=1)
    alignment = tf.where(may_have, tf.sqrt(score) * iou**6, 0.0)
    # At the beginning nothing overlaps: then the nearest ones.
    nearness = 1 - tf.norm(centre - (low + high) / 2, axis=-1)
    alignment += tf.where(may_have, 1e-9 * nearness, 0.0)
    least = tf.math.top_k(alignment, ANCHORS_PER_OBJECT).values[..., -1:]
    has = may_have & (alignment >= least) & (alignment > 0)
    best = tf.argmax(tf.where(has, iou + 1e-6, 0.0), 1)
    has_any = tf.reduce_any(has, 1)
    has = has & (tf.one_hot(best, rows, axis=1) > 0)
    alignment, iou = tf.where(has, alignment, 0.0), tf.where(has, iou, 0.0)
    scale = tf.reduce_max(iou, 2, keepdims=True) / (tf.reduce_max(alignment, 2, keepdims=True) + 1e-12)
    target = tf.reduce_max(alignment * scale, 1)
    labels = tf.one_hot(index, scores.shape[-1])
    ignored = tf.cast(is_inside & is_ignored[:, :, None] & ~has_any[:, None], tf.float32)
    is_free = tf.einsum("bra,brc->bac", ignored, labels) > 0
    return has_any, tf.where(has_any, target, 0.0), best, is_free


def loss(coded, logits, decoded, objects, anchor_boxes, strides, size):
    """Losses of scores and boxes of a batch."""
    aspect = size[0] / size[1]
    scores = tf.sigmoid(logits)
    has, target, best, is_free = assign(
        tf.stop_gradient(scores), tf.stop_gradient(decoded), objects, anchor_boxes, strides, size
    )
    wanted = tf.gather(objects, best, batch_dims=1)
    label = tf.cast(tf.maximum(wanted[..., 0], 0.0), tf.int32)
    targets = tf.one_hot(label, logits.shape[-1]) * target[..., None]
    total = tf.maximum(tf.reduce_sum(target), 1.0)
    weight = tf.where(targets > 0, 1.0, 0.75 * scores**1.5)
    weight = tf.stop_gradient(tf.where(is_free, 0.0, weight))
    errors = tf.nn.sigmoid_cross_entropy_with_logits(targets, logits) * weight
    _, complete = overlap(decoded, wanted[..., 1:5], aspect)
    boxes = tf.reduce_sum(tf.where(has, (1 - complete) * target, 0.0))
    return tf.reduce_sum(errors) / total, BOX_WEIGHT * boxes / total
