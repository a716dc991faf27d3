"""Converts a TensorFlow SavedModel into a model that Lookout runs, with its labels inside.

    python models/convert/convert.py SAVED_MODEL --kind int8 --input uint8 \\
        --pictures FOLDER --labels labels.txt --out detector.tflite
"""

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
import tensorflow as tf
from ai_edge_litert import schema_py_generated as schema

import metadata

# The one custom operator that the runtimes know.
POST_PROCESS = "TFLite_Detection_PostProcess"
PICTURE_FILES = {".jpg", ".jpeg", ".png", ".bmp"}
MOST_PICTURES = 200


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("saved_model", type=Path, help="folder with saved_model.pb")
    parser.add_argument("--out", type=Path, required=True, help="the .tflite file to write")
    parser.add_argument(
        "--kind",
        choices=["float32", "float16", "dynamic-range", "int8"],
        default="int8",
        help="how weights and arithmetic are stored; int8 is fully integer and fastest (default)",
    )
    parser.add_argument("--input", choices=["uint8", "int8"], default="uint8", help="of the kind int8: type of the picture")
    parser.add_argument("--pictures", type=Path, help="of the kind int8: folder with some typical pictures")
    parser.add_argument("--labels", type=Path, required=True, help="text file with one label a line")
    parser.add_argument("--mean", type=float, default=127.5, help="the model was trained with (pixel - mean) / std")
    parser.add_argument("--std", type=float, default=127.5)
    parser.add_argument("--signature", default="serving_default")
    return parser.parse_args()


def convert(arguments) -> bytes:
    converter = tf.lite.TFLiteConverter.from_saved_model(
        str(arguments.saved_model), signature_keys=[arguments.signature]
    )
    # Whatever the runtimes do not know comes out as a custom operator, by its name: see `check`.
    converter.allow_custom_ops = True
    if arguments.kind != "float32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if arguments.kind == "float16":
        converter.target_spec.supported_types = [tf.float16]
    if arguments.kind == "int8":
        shape = input_shape(arguments)
        converter.representative_dataset = lambda: representatives(arguments, shape)
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = tf.uint8 if arguments.input == "uint8" else tf.int8
    return converter.convert()


def input_shape(arguments) -> list[int]:
    """Height and width of the picture that the signature takes."""
    loaded = tf.saved_model.load(str(arguments.saved_model))
    if arguments.signature not in loaded.signatures:
        known = ", ".join(loaded.signatures) or "none"
        sys.exit(f'Cannot convert "{arguments.saved_model}": no signature "{arguments.signature}", there are: {known}')
    (_, inputs) = loaded.signatures[arguments.signature].structured_input_signature
    shapes = [spec.shape.as_list() for spec in inputs.values()]
    if len(shapes) != 1 or len(shapes[0]) != 4 or shapes[0][3] != 3 or None in shapes[0][1:]:
        sys.exit(f'Cannot convert "{arguments.saved_model}": its inputs are {shapes}, expected one [1, height, width, 3]')
    return shapes[0][1:3]


def representatives(arguments, shape):
    """Pictures as the network gets them, from which the ranges of all values are measured."""
    if arguments.pictures is None:
        sys.exit("Cannot convert to int8: --pictures is missing, a folder with some typical pictures")
    files = [file for file in sorted(arguments.pictures.iterdir()) if file.suffix.lower() in PICTURE_FILES]
    if not files:
        sys.exit(f'Cannot convert to int8: "{arguments.pictures}" holds no .jpg, .png or .bmp')
    for file in files[:MOST_PICTURES]:
        picture = tf.io.decode_image(file.read_bytes(), channels=3, expand_animations=False)
        picture = tf.image.resize(picture[None], shape)
        yield [(picture.numpy().astype(np.float32) - arguments.mean) / arguments.std]


def check(model: bytes) -> None:
    """Refuses a model that only full TensorFlow can run."""
    parsed = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(model, 0))
    customs = {code.customCode.decode() for code in parsed.operatorCodes if code.customCode}
    foreign = sorted(customs - {POST_PROCESS})
    if foreign:
        sys.exit(
            f"Cannot convert: the model uses {', '.join(foreign)}, which exist in full TensorFlow only "
            "(SELECT_TF_OPS). Lookout runs what TensorFlow Lite runs by itself, because full TensorFlow is too "
            "large for most Pis. Replace these operators in the network, or end it before them."
        )
    if POST_PROCESS not in customs:
        print(f"Note: the model does not end in {POST_PROCESS}, so Lookout cannot read its outputs yet.")


def main(arguments) -> None:
    if not (arguments.saved_model / "saved_model.pb").exists():
        sys.exit(f'Cannot convert "{arguments.saved_model}": it is not a SavedModel, there is no saved_model.pb in it')
    labels = arguments.labels.read_text().split("\n")
    labels = labels[:-1] if labels[-1] == "" else labels
    model = convert(arguments)
    check(model)
    name = arguments.out.stem
    finished = metadata.with_metadata(model, labels, name, arguments.mean, arguments.std)
    arguments.out.write_bytes(finished)
    print(f"{arguments.out}: {len(finished):,} bytes, {len(labels)} labels")


main(options())
