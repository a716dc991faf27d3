"""Holds discovery messages against Home Assistant's own schemas; no Home Assistant runs: validate.py FOLDER

Each JSON file of the folder is a list of messages. Besides what the schemas refuse it names every
key of an entity that Home Assistant would drop without a word.
"""
import asyncio
import importlib
import json
import pathlib
import sys
import tempfile

from homeassistant.components.mqtt import schemas
from homeassistant.components.mqtt.discovery import MQTTDiscoveryPayload, _merge_common_device_options
from homeassistant.const import __version__ as VERSION
from homeassistant.core import HomeAssistant

# Known from 2025.10 on; before, the entity id is made of the names, which gives the same.
NEWER_KEYS = {"default_entity_id"} if VERSION < "2025.10" else set()


def problems(message):
    """Every complaint about one message."""
    payload = json.loads(message["payload"])
    parts = message["topic"].split("/")
    if parts[1] == "device":
        return document_problems(payload)
    return [f"{parts[3]}: {problem}" for problem in component_problems(parts[1], payload)]


def document_problems(document):
    document = MQTTDiscoveryPayload(document)
    try:
        schemas.DEVICE_DISCOVERY_SCHEMA(document)
    except Exception as error:
        return [f"document: {error}"]
    found = []
    for key, component in document["components"].items():
        component = MQTTDiscoveryPayload(component)
        platform = component.pop("platform")
        if not component:  # takes the component back
            continue
        own = set(component)
        component["device"], component["origin"] = document["device"], document["origin"]
        _merge_common_device_options(component, document)
        found += [f"{key}: {problem}" for problem in component_problems(platform, component, own)]
    return found


def component_problems(platform, component, own=None):
    if platform == "device_automation":
        schema = importlib.import_module("homeassistant.components.mqtt.device_trigger").TRIGGER_DISCOVERY_SCHEMA
        own = (own or set(component)) - {"origin"}
    else:
        schema = importlib.import_module(f"homeassistant.components.mqtt.{platform}").DISCOVERY_SCHEMA
        own = own or set(component)
    try:
        kept = schema(dict(component))
    except Exception as error:
        return [str(error)]
    return [f"unknown key {key}" for key in sorted(own - set(kept) - NEWER_KEYS)]


async def main(folder):
    HomeAssistant(tempfile.gettempdir())  # templates are compiled by the running instance
    failed = False
    for file in sorted(pathlib.Path(folder).glob("*.json")):
        messages = [m for m in json.loads(file.read_text()) if m["topic"].endswith("/config")]
        configs = [m for m in messages if m["payload"] and "migrate_discovery" not in m["payload"]]
        if not configs:
            continue
        found = [f"{m['topic']}: {problem}" for m in configs for problem in problems(m)]
        print("FAIL" if found else "PASS", f"Home Assistant {VERSION} takes {file.stem}: {len(configs)} messages")
        for line in found:
            print("    ", line)
        failed = failed or bool(found)
    return failed


sys.exit(asyncio.run(main(sys.argv[1])))
