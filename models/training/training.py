"""Trains the network for a given number of rounds through all pictures."""

import numpy as np
import tensorflow as tf

from losses import loss
from network import anchors, build, decode
from scenes import Scenes

BATCH = 32
LEARNING_RATE = 2.5e-3
WEIGHT_DECAY = 2e-4
WARM_UP_STEPS = 200
REPORT_STEPS = 200


def train(scenes: Scenes, rounds: float, seed: int = 1) -> tf.keras.Model:
    """The moving average of the weights over training, which generalises better than the last ones."""
    tf.keras.utils.set_random_seed(seed)
    _, height, width, _ = scenes.pictures.shape
    classes = len(scenes.labels)
    network, average = build(width, height, classes), build(width, height, classes)
    average.set_weights(network.get_weights())
    step = _step(network, average, (width, height))
    random = np.random.default_rng(seed)
    last = round(rounds * len(scenes.pictures) / BATCH)
    order, sums = np.zeros(0, int), np.zeros(2)
    for steps in range(last):
        share = steps / last
        if order.size < BATCH:
            order = random.permutation(len(scenes.pictures))
        chosen, order = order[:BATCH], order[BATCH:]
        pictures, objects = _mirror(scenes.pictures[chosen], scenes.objects[chosen], random)
        rate = LEARNING_RATE * min(1, (steps + 1) / WARM_UP_STEPS)
        rate *= 0.02 + 0.98 * (1 + np.cos(np.pi * share)) / 2
        keep = min(0.998, (1 + steps) / (10 + steps))
        sums += [float(part) for part in step(pictures, objects, tf.constant(rate, tf.float32), tf.constant(keep, tf.float32))]
        if steps % REPORT_STEPS == REPORT_STEPS - 1:
            scores, boxes = sums / REPORT_STEPS
            sums[:] = 0
            print(f"{share:4.0%} {share * rounds:5.1f} rounds, losses: scores {scores:.3f}, boxes {boxes:.3f}", flush=True)
    return average


def _step(network, average, size):
    anchor_boxes, strides = (tf.constant(array) for array in anchors(*size))
    optimizer = tf.keras.optimizers.Adam(LEARNING_RATE)
    decayed = [variable for variable in network.trainable_variables if "kernel" in variable.name]

    @tf.function
    def step(pictures, objects, rate, keep):
        pictures = _relight(pictures)
        with tf.GradientTape() as tape:
            coded, logits = network(pictures, training=True)
            decoded = decode(coded, anchor_boxes)
            scores, boxes = loss(coded, logits, decoded, objects, anchor_boxes, strides, size)
            total = scores + boxes
        gradients = tape.gradient(total, network.trainable_variables)
        gradients, _ = tf.clip_by_global_norm(gradients, 10.0)
        optimizer.learning_rate.assign(rate)
        optimizer.apply_gradients(zip(gradients, network.trainable_variables))
        for variable in decayed:
            variable.assign_sub(rate / LEARNING_RATE * WEIGHT_DECAY * variable)
        for slow, fast in zip(average.weights, network.weights):
            slow.assign(slow * keep + tf.cast(fast, slow.dtype) * (1 - keep))
        return scores, boxes

    return step


def _relight(pictures):
    """Other brightness and colours, in -1..1."""
    batch = tf.shape(pictures)[0]
    colours = tf.random.uniform([batch, 1, 1, 3], 0.9, 1.1) * tf.random.uniform([batch, 1, 1, 1], 0.8, 1.2)
    offset = tf.random.uniform([batch, 1, 1, 1], -15, 15) / 127.5 - 1.0
    return tf.clip_by_value(tf.cast(pictures, tf.float32) * colours / 127.5 + offset, -1.0, 1.0)


def _mirror(pictures, objects, random):
    """Left and right exchanged, for every second batch."""
    if random.random() < 0.5:
        return pictures, objects
    mirrored = objects.copy()
    is_there = objects[..., 0] >= 0
    mirrored[..., 2] = np.where(is_there, 1 - objects[..., 4], objects[..., 2])
    mirrored[..., 4] = np.where(is_there, 1 - objects[..., 2], objects[..., 4])
    return np.ascontiguousarray(pictures[:, :, ::-1]), mirrored
