"""Mean average precision as COCO defines it, by pycocotools."""

import contextlib
import io

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

# Of the pictures that boxes are fractions of.
WIDTH, HEIGHT = 640, 480


def evaluate(objects: np.ndarray, detections, labels: list[str]) -> dict:
    """`detections`: for each picture boxes [n, 4], classes [n] and scores [n]."""
    truth = COCO()
    truth.dataset = {
        "info": {},
        "images": [{"id": i, "width": WIDTH, "height": HEIGHT} for i in range(len(objects))],
        "categories": [{"id": i, "name": name} for i, name in enumerate(labels)],
        "annotations": list(_annotations(objects, len(labels))),
    }
    found = [
        {"image_id": i, "category_id": int(label), "bbox": _pixels(box), "score": float(score)}
        for i, (boxes, classes, scores) in enumerate(detections)
        for box, label, score in zip(boxes, classes, scores)
    ]
    with contextlib.redirect_stdout(io.StringIO()):
        truth.createIndex()
        judged = COCOeval(truth, truth.loadRes(found), "bbox")
        judged.evaluate()
        judged.accumulate()
        judged.summarize()
    # Overlaps, recalls, classes, areas, most detections.
    precision = judged.eval["precision"]
    classes = {name: _mean(precision[0, :, i, 0, 2]) for i, name in enumerate(labels)}
    return {"map50": float(judged.stats[1]), "map": float(judged.stats[0]), "classes50": classes}


def _annotations(objects: np.ndarray, classes: int):
    number = 1
    for picture, rows in enumerate(objects):
        for label, *box, counts in rows:
            if label < 0:
                continue
            # What does not count is a crowd: whoever finds it, as whatever, is neither right nor wrong.
            for category in [int(label)] if counts else range(classes):
                pixels = _pixels(box)
                yield {
                    "id": number,
                    "image_id": picture,
                    "category_id": category,
                    "bbox": pixels,
                    "area": pixels[2] * pixels[3],
                    "iscrowd": int(not counts),
                }
                number += 1


def _pixels(box) -> list[float]:
    y0, x0, y1, x1 = (float(side) for side in box)
    return [x0 * WIDTH, y0 * HEIGHT, (x1 - x0) * WIDTH, (y1 - y0) * HEIGHT]


def _mean(values: np.ndarray) -> float:
    known = values[values > -1]
    return float(known.mean()) if known.size else 0.0
