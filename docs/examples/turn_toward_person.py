#!/usr/bin/env python3
"""Turns a robot toward the nearest person.

Reads vision_msgs/Detection2DArray as JSON, one a line, and writes geometry_msgs/Twist the same way,
for `cmd_vel`. Stops when no message has come for STALE_S: then nobody knows what there is.

Argument: the picture's width in pixels. Needs nothing but Python 3.
"""

import json
import queue
import sys
import threading

PERSON = "0"  # class_id, see ros/label_info
STALE_S = 0.5
MAX_TURN = 0.8  # rad/s
DEAD_ZONE = 0.05  # half widths of the picture


def turn_toward(message, width):
    """Speed about the vertical axis in rad/s, positive to the left (REP 103)."""
    people = [
        detection["bbox"]
        for detection in message["detections"]
        if detection["results"][0]["hypothesis"]["class_id"] == PERSON
    ]
    if not people:
        return 0.0
    nearest = max(people, key=lambda bbox: bbox["size_y"])
    offset = 2 * nearest["center"]["position"]["x"] / width - 1
    return 0.0 if abs(offset) < DEAD_ZONE else -MAX_TURN * offset


def twist(turn):
    still = {"x": 0.0, "y": 0.0, "z": 0.0}
    return {"linear": still, "angular": {**still, "z": round(turn, 3)}}


def read_lines(lines):
    for line in sys.stdin:
        lines.put(line)
    lines.put(None)


def main():
    width = float(sys.argv[1])
    lines = queue.Queue()
    threading.Thread(target=read_lines, args=[lines], daemon=True).start()
    while True:
        turn = 0.0
        try:
            line = lines.get(timeout=STALE_S)
            # Only the newest says where the person is now.
            while line is not None and not lines.empty():
                line = lines.get()
            if line is None:
                return
            turn = turn_toward(json.loads(line), width)
        except queue.Empty:
            pass
        print(json.dumps(twist(turn)), flush=True)


if __name__ == "__main__":
    main()
