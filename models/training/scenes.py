"""Pictures of drawn scenes and what is in them, written by Lookout's own renderer."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np

PROJECT = Path(__file__).resolve().parents[2]
RENDERER = PROJECT / "dist" / "tools" / "write-scenes.js"
# Objects of one picture; a scene never has as many.
MAX_OBJECTS = 12


@dataclass(frozen=True)
class Scenes:
    """`objects` has a row for each: label, yMin, xMin, yMax, xMax, whether it counts.

    Boxes are fractions of the picture; label -1 fills up. Objects that do not count are too small
    or too hidden: neither demanded nor false.
    """

    labels: list[str]
    pictures: np.ndarray
    objects: np.ndarray


def render(folder: Path, first_seed: int, seeds: int, pictures: int, size: tuple[int, int], jobs: int = 2) -> Scenes:
    """Renders `pictures` moments of each seed in so many processes and reads them."""
    width, height = size
    share = -(-seeds // jobs)
    running, parts = [], []
    for first in range(first_seed, first_seed + seeds, share):
        part = folder / f"{first}"
        count = min(share, first_seed + seeds - first)
        options = ["--out", part, "--first-seed", first, "--seeds", count, "--pictures", pictures]
        command = ["node", RENDERER, *options, "--size", f"{width}x{height}"]
        running.append(subprocess.Popen([str(word) for word in command]))
        parts.append(part)
    for process in running:
        if process.wait() != 0:
            raise RuntimeError(f"cannot render scenes: {process.args} failed")
    read = [_read(part) for part in parts]
    return Scenes(
        read[0].labels,
        np.concatenate([part.pictures for part in read]),
        np.concatenate([part.objects for part in read]),
    )


def _read(folder: Path) -> Scenes:
    head = json.loads((folder / "objects.json").read_text())
    truths = head["pictures"]
    shape = (len(truths), head["heightPx"], head["widthPx"], 3)
    pictures = np.fromfile(folder / "pictures.bin", np.uint8).reshape(shape)
    objects = np.full((len(truths), MAX_OBJECTS, 6), -1, np.float32)
    for row, truth in zip(objects, truths):
        for slot, found in zip(row, truth["objects"]):
            slot[:] = [found["label"], *found["box"], found["counts"]]
    return Scenes(head["labels"], pictures, objects)
