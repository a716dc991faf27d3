"""What one would write in Python instead of Lookout: video in, detections out to MQTT.

Publishes when the number of objects of a label has changed: the new counts and the detections.
"""

import argparse
import json
import time
from collections import Counter

import cv2
import numpy as np
import paho.mqtt.client as mqtt
from ai_edge_litert.interpreter import Interpreter


class Detector:
    """A detector that ends in TFLite_Detection_PostProcess."""

    def __init__(self, model, threads):
        self.interpreter = Interpreter(model_path=model, num_threads=threads)
        self.interpreter.allocate_tensors()
        picture = self.interpreter.get_input_details()[0]
        self.input_index = picture["index"]
        _, self.height, self.width, _ = picture["shape"]
        outputs = self.interpreter.get_output_details()
        self.boxes_index, self.classes_index, self.scores_index, _ = (o["index"] for o in outputs)

    def detect(self, frame, threshold):
        small = cv2.resize(frame, (self.width, self.height))
        rgb = cv2.cvtColor(small, cv2.COLOR_BGR2RGB)
        self.interpreter.set_tensor(self.input_index, rgb[np.newaxis])
        self.interpreter.invoke()
        scores = self.interpreter.get_tensor(self.scores_index)[0]
        found = np.flatnonzero(scores >= threshold)
        if found.size == 0:
            return []
        boxes = self.interpreter.get_tensor(self.boxes_index)[0]
        classes = self.interpreter.get_tensor(self.classes_index)[0]
        return [(int(classes[i]), float(scores[i]), boxes[i].tolist()) for i in found]


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--video", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--labels", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--opencv-threads", type=int, help="OpenCV decides when this is absent")
    parser.add_argument("--native-pace", action="store_true")
    return parser.parse_args()


def open_video(file, threads):
    if threads is None:
        return cv2.VideoCapture(file)
    cv2.setNumThreads(threads)
    return cv2.VideoCapture(file, cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, threads])


def connect(port):
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    client.will_set("python/status", "offline", qos=1, retain=True)
    client.connect("127.0.0.1", port)
    client.loop_start()
    return client


def main(args):
    detector = Detector(args.model, args.threads)
    with open(args.labels) as file:
        labels = file.read().splitlines()
    video = open_video(args.video, args.opencv_threads)
    interval_s = 1 / video.get(cv2.CAP_PROP_FPS) if args.native_pace else 0
    client = connect(args.port)

    frames = 0
    counts = Counter()
    due = time.monotonic()
    while True:
        is_read, frame = video.read()
        if not is_read:
            break
        due += interval_s
        time.sleep(max(0, due - time.monotonic()))
        captured_ms = int(time.time() * 1000)
        found = [
            {"label": labels[class_id], "score": round(score, 4), "box": box}
            for class_id, score, box in detector.detect(frame, threshold=0.5)
        ]
        counts_now = Counter(detection["label"] for detection in found)
        if counts_now != counts:
            counts = counts_now
            message = {"captured_ms": captured_ms, "counts": counts, "detections": found}
            client.publish("python/objects", json.dumps(message), qos=1)
        if frames == 0:
            client.publish("python/status", "online", qos=1, retain=True)
        frames += 1

    client.publish("python/status", "offline", qos=1, retain=True).wait_for_publish(5)
    client.disconnect()
    client.loop_stop()
    print(json.dumps({"frames": frames}))


main(options())
