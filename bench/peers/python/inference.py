"""The bare interpreter: runs a model when a line on stdin says how often, and is idle otherwise."""

import json
import sys
from time import perf_counter_ns

import numpy as np
from ai_edge_litert.interpreter import Interpreter


def say(**answer):
    print(json.dumps(answer), flush=True)


def main(model, input_file, threads):
    interpreter = Interpreter(model_path=model, num_threads=int(threads))
    interpreter.allocate_tensors()
    details = interpreter.get_input_details()[0]
    picture = np.fromfile(input_file, dtype=details["dtype"]).reshape(details["shape"])
    interpreter.set_tensor(details["index"], picture)
    interpreter.invoke()
    say(ready=True)
    for line in sys.stdin:
        durations_ms = []
        for _ in range(int(line)):
            begin = perf_counter_ns()
            interpreter.invoke()
            durations_ms.append((perf_counter_ns() - begin) / 1e6)
        say(durationsMs=durations_ms)


main(*sys.argv[1:])
