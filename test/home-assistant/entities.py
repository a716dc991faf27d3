"""What a node with one camera is to show in Home Assistant at the level "all", entity by entity."""

NODE_ID, CAM_ID = "lookout_pi", "lookout_pi_cam_porch"
# As daemon.sh starts it. In one zone every label counts, in the other one only.
ZONES = {"drive": ("any", "person", "cat"), "door": ("any", "person")}
LABELS = ("person", "cat")
# Only some machines tell of these.
BY_MACHINE = {f"{NODE_ID}_{key}" for key in ("throttled", "undervoltage", "cpu_temperature")}


def node(*keys):
    return [f"{NODE_ID}_{key}" for key in keys]


def camera(*keys):
    return [f"{CAM_ID}_{key}" for key in keys]


# What each is for, in the order of platforms.
ENTITIES = {
    "occupancy per label": camera(*(f"object_{label}_occupancy" for label in ("any", *LABELS))),
    "occupancy per zone and label": camera(*(f"zone_{zone}_object_{label}_occupancy" for zone, labels in ZONES.items() for label in labels)),
    "motion": camera("motion"),
    "throttled, under-voltage, problem": node("throttled", "undervoltage", "problem"),
    "connectivity": [*node("connected"), *camera("connected")],
    "count per label": camera(*(f"object_{label}_count" for label in ("any", *LABELS))),
    "last seen": camera(*(f"object_{label}_last_seen" for label in ("any", *LABELS))),
    "frame rate": camera("fps"),
    "inference time": node("inference_ms"),
    "end to end": camera("latency_ms"),
    "CPU temperature": node("cpu_temperature"),
    "outbox depth": node("outbox"),
    "model name": node("model_name"),
    "event": camera("object"),
    "best picture": camera(*(f"image_{label}" for label in LABELS)),
    "latest snapshot": camera("latest_image", "latest_camera"),
    "switch detection": camera("detect"),
    "switch pictures": camera("publish_images"),
    "switch of a zone": camera(*(f"zone_{zone}" for zone in ZONES)),
    "threshold per label": camera(*(f"threshold_{label}" for label in LABELS)),
    "rate limits": [*camera("max_fps"), *node("inference_max_fps")],
    "active model": node("model"),
    "log level": node("log_level"),
    "restart": node("restart"),
    "restart of the camera": camera("restart"),
    "snapshot": camera("snapshot"),
    "model rollback": node("model_rollback"),
    "model update": node("model_update"),
}
EVERY = {unique for uniques in ENTITIES.values() for unique in uniques}
# What the device triggers tell, and of what.
TRIGGERS = {
    *((kind, label) for kind in ("appeared", "left") for label in LABELS),
    *((f"entered {zone}", label) for zone, labels in ZONES.items() for label in labels if label != "any"),
}
