"""Writes a small detector of the demo's kind as a SavedModel, to try models/convert with.

Its weights are random unless a trained network is given: it shows how a detector has to end.
"""

import argparse
import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import tensorflow as tf

from conversion import Detector
from network import build

LABELS = ["person", "car", "dog", "cat", "bicycle", "parcel"]

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("out", type=Path)
parser.add_argument("--weights", type=Path, help="written by make_demo_model.py --keep-weights")
arguments = parser.parse_args()

size = (288, 224)
network = build(*size, len(LABELS))
if arguments.weights:
    network.load_weights(arguments.weights)
module = Detector(network, size, len(LABELS))
tf.saved_model.save(module, str(arguments.out), signatures={"serving_default": module.detect})
(arguments.out / "labels.txt").write_text("".join(f"{label}\n" for label in LABELS))
