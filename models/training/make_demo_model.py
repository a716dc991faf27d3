"""From nothing to models/lookout-demo.tflite and its card, in one command.

Renders scenes, trains, converts, evaluates on scenes that were never trained with, writes the card.
"""

import argparse
import hashlib
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "convert"))

import numpy as np
from ai_edge_litert.interpreter import Interpreter

import metadata
from conversion import convert
from evaluation import evaluate
from network import build
from scenes import Scenes, render
from training import train

MODELS = Path(__file__).resolve().parents[1]
SIZE = (288, 224)
# Seeds from here on are for evaluation and for tests, never for training.
FIRST_FRESH_SEED = 1_000_000
REPRESENTATIVE = 100


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=float, default=12, help="of training through all pictures")
    parser.add_argument("--seeds", type=int, default=5000, help="scenes to train with")
    parser.add_argument("--pictures", type=int, default=4, help="of each scene")
    parser.add_argument("--fresh-seeds", type=int, default=250, help="scenes to evaluate with")
    parser.add_argument("--keep-weights", type=Path, help="file for the network's weights (.h5)")
    parser.add_argument("--out", type=Path, default=MODELS, help="folder for model and card")
    return parser.parse_args()


def detect_all(model: bytes, pictures: np.ndarray):
    interpreter = Interpreter(model_content=model, num_threads=1)
    interpreter.allocate_tensors()
    image = interpreter.get_input_details()[0]["index"]
    boxes, classes, scores, count = (output["index"] for output in interpreter.get_output_details())
    for picture in pictures:
        interpreter.set_tensor(image, picture[None])
        interpreter.invoke()
        # Behind the last detection there is garbage.
        n = int(interpreter.get_tensor(count)[0])
        yield tuple(interpreter.get_tensor(index)[0][:n] for index in (boxes, classes, scores))


def card(model: bytes, figures: dict, minutes: dict, arguments) -> str:
    width, height = SIZE
    rows = "\n".join(f"| {name} | {value:.3f} |" for name, value in figures["classes50"].items())
    return f"""# lookout-demo

A detector of drawn scenes for the demo and the tests of Lookout; it has never seen a photograph.

| | |
|---|---|
| file | `lookout-demo.tflite`, {len(model):,} bytes, SHA-256 `{hashlib.sha256(model).hexdigest()}` |
| input | {width}×{height}, uint8, RGB, the whole picture stretched |
| inside | int8; ends in `TFLite_Detection_PostProcess` |
| labels | {", ".join(figures["classes50"])} (embedded) |
| mAP@0.5 | {figures["map50"]:.3f} |
| mAP@[.5:.95] | {figures["map"]:.3f} |
| licence | Apache-2.0, as all of Lookout |

| class | AP@0.5 |
|---|---|
{rows}

Measured with the converted file on {arguments.fresh_seeds} scenes, {arguments.pictures} pictures each, with seeds from
{FIRST_FRESH_SEED} on, which are never trained with; objects at least 40 px high (of 480) and at least half visible
count ([the scenes](../docs/synthetic-camera.md)).

Made by `python models/training/make_demo_model.py --rounds {arguments.rounds:g} --seeds {arguments.seeds} --pictures {arguments.pictures}`:
rendering {minutes["render"]:.0f} min, training {minutes["train"]:.0f} min, converting and evaluating {minutes["rest"]:.0f} min on two cores.
"""


def main(arguments) -> None:
    with tempfile.TemporaryDirectory(prefix="lookout-scenes-") as name:
        folder = Path(name)
        clock = [time.monotonic()]
        scenes = render(folder / "training", 1, arguments.seeds, arguments.pictures, SIZE)
        fresh = render(folder / "fresh", FIRST_FRESH_SEED, arguments.fresh_seeds, arguments.pictures, SIZE)
    clock.append(time.monotonic())
    print(f"rendered {len(scenes.pictures)} pictures in {clock[1] - clock[0]:.0f} s", flush=True)
    # A rehearsal: what would fail after the training fails before it.
    export(build(*SIZE, len(scenes.labels)), scenes)
    network = train(scenes, arguments.rounds)
    if arguments.keep_weights:
        network.save_weights(arguments.keep_weights)
    clock.append(time.monotonic())
    model = export(network, scenes)
    figures = evaluate(fresh.objects, list(detect_all(model, fresh.pictures)), fresh.labels)
    clock.append(time.monotonic())
    names = ("render", "train", "rest")
    minutes = {name: (end - begin) / 60 for name, begin, end in zip(names, clock, clock[1:])}
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "lookout-demo.tflite").write_bytes(model)
    text = card(model, figures, minutes, arguments)
    (arguments.out / "lookout-demo.md").write_text(text)
    print(text)


def export(network, scenes: Scenes) -> bytes:
    some = scenes.pictures[:: max(1, len(scenes.pictures) // REPRESENTATIVE)][:REPRESENTATIVE]
    converted = convert(network, SIZE, len(scenes.labels), some)
    return metadata.with_metadata(converted, scenes.labels, "lookout-demo", 127.5, 127.5)


main(options())
