"""The trained network as a fully integer TensorFlow Lite model with its post-processing inside."""

import numpy as np
import tensorflow as tf

from network import BOX_SCALES, anchors

MAX_DETECTIONS = 20
LOWEST_SCORE = 0.05
HIGHEST_IOU = 0.5
OUTPUTS = ("boxes", "classes", "scores", "count")


def convert(network: tf.keras.Model, size: tuple[int, int], classes: int, pictures: np.ndarray) -> bytes:
    """`pictures`: some of those it was trained with, to measure the ranges of all values."""
    module = Detector(network, size, classes)
    function = module.detect.get_concrete_function()
    converter = tf.lite.TFLiteConverter.from_concrete_functions([function], module)
    converter.allow_custom_ops = True
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = tf.uint8
    converter.representative_dataset = lambda: (
        [(picture[None].astype(np.float32) - 127.5) / 127.5] for picture in pictures
    )
    return converter.convert()


class Detector(tf.Module):
    """The network with its post-processing, from a picture in -1..1 to detections."""

    def __init__(self, network: tf.keras.Model, size: tuple[int, int], classes: int):
        super().__init__()
        self.network = network
        # Keras 3 hides them from tf.Module.
        self.kept = list(network.variables)
        width, height = size
        anchor_boxes = tf.constant(anchors(width, height)[0])
        post_process = _post_process(classes)
        shape = tf.TensorSpec([1, height, width, 3], tf.float32, name="image")

        def detect(self, image):
            coded, logits = self.network(image, training=False)
            boxes = tf.reshape(coded, [1, -1, 4])
            scores = tf.sigmoid(tf.reshape(logits, [1, -1, classes]))
            # A SavedModel's outputs need names.
            return dict(zip(OUTPUTS, post_process(boxes, scores, anchor_boxes)))

        self.detect = tf.function(detect.__get__(self), input_signature=[shape], autograph=False)


def _post_process(classes: int):
    """A function that the converter replaces by the operator of its name."""
    y_scale, x_scale, h_scale, w_scale = (float(scale) for scale in BOX_SCALES)
    attributes = {
        "max_detections": ("i", MAX_DETECTIONS),
        "max_classes_per_detection": ("i", 1),
        "use_regular_nms": ("b", "false"),
        "nms_score_threshold": ("f", LOWEST_SCORE),
        "nms_iou_threshold": ("f", HIGHEST_IOU),
        "y_scale": ("f", y_scale),
        "x_scale": ("f", x_scale),
        "h_scale": ("f", h_scale),
        "w_scale": ("f", w_scale),
        "num_classes": ("i", classes),
    }
    texts = [f'attr {{ key: "{key}" value {{ {kind}: {value} }} }}' for key, (kind, value) in attributes.items()]
    signature = " ".join(['name: "TFLite_Detection_PostProcess"', *texts])

    @tf.function(experimental_implements=signature, autograph=False)
    def post_process(boxes, scores, anchor_boxes):
        return tuple(tf.constant(0.0, name=name) for name in OUTPUTS)

    return post_process
