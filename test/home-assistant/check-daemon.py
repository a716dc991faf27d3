"""Looks at a running daemon through a Home Assistant beside it: check-daemon.py STEP NAME [ARGUMENT…]

What has to be there follows from the documents that the broker keeps; NAME says in the output what
has happened before. "shows" prints the entities with their states when NAME is "at first".
A line for each check; exit status 1 when one fails.
"""
import asyncio
import json
import sys

from bed import Bed, check, failed
from client import until

NODE, CAM = "lookout/pi", "lookout/pi/cam/porch"
NODE_ID, CAM_ID = "lookout_pi", "lookout_pi_cam_porch"
# Whatever else may be added, these are always there.
ALWAYS = {
    *(f"{NODE_ID}_{key}" for key in ("connected", "problem", "model_name", "model", "model_rollback", "restart", "log_level", "inference_ms", "outbox")),
    *(f"{CAM_ID}_{key}" for key in ("connected", "motion", "detect", "object", "fps", "latency_ms", "object_any_occupancy", "object_any_count")),
}
# Home Assistant's own trouble with a broker that is away.
BROKER_AWAY = ("Disconnected from MQTT server", "Failed to connect to MQTT server", "Error talking to MQTT", "No ACK from MQTT server", "The connection was lost")
# What it says when entities go over from one mode to the other, and of removing what it has not got.
EXPECTED = {
    "migration": ("Received a conflicting MQTT discovery message", "Ignoring empty MQTT discovery payload for disabled", "logging too frequently", "Unable to remove unknown dispatcher"),
    "removal": ("No device components to cleanup", "To prevent this, disable the entity instead"),
}


async def documents(broker, wait=0.7):
    """The components that the broker keeps, by unique id, as the latest messages have them."""
    mark = broker.mark()
    broker.client.subscribe("homeassistant/#", 1)
    await asyncio.sleep(wait)
    found = {}
    for _, topic, payload, retained, _ in broker.after(mark, "homeassistant/"):
        parts = topic.split("/")
        if not retained or not payload or parts[-1] != "config":
            continue
        payload = json.loads(payload)
        components = payload["components"].values() if parts[1] == "device" else [{"platform": parts[1], **payload}]
        found |= {c["unique_id"]: c for c in components if "unique_id" in c}
    return found


def told(wanted):
    """Those that have a state from the start; nothing was seen yet of some labels."""
    return {u: c for u, c in wanted.items() if not u.endswith("_last_seen")}


async def settled(bed, timeout=30):
    """The documents, once Lookout is online and has announced them."""
    found = {}

    async def complete():
        # Documents go out before this is said.
        online = (await bed.kept("lookout/", f"{NODE}/status")).get(f"{NODE}/status") == b"online"
        found.clear()
        found.update(await documents(bed.broker))
        return online and ALWAYS <= found.keys()
    await until(complete, timeout)
    check("the broker keeps the documents", ALWAYS <= found.keys(), f"missing {sorted(ALWAYS - found.keys())}")
    return dict(found)


def no_complaint(bed, name, *kinds):
    """Looks at the whole log since Home Assistant's start."""
    bed.log.pos = 0
    bed.no_complaint(name, *BROKER_AWAY, *EXPECTED["removal"], *(words for kind in kinds for words in EXPECTED[kind]))


async def shows(bed, name, *kinds):
    wanted = await settled(bed)
    await bed.shows(name, wanted, 40)
    # It tries a broker that was away again after 10 s.
    await bed.has_states(name, told(wanted), 40)
    no_complaint(bed, name, *kinds)
    if name == "at first":
        await table(bed, wanted)


async def table(bed, wanted):
    states, ids = await bed.ha.states(), await bed.ids()
    print("| entity | state |\n|---|---|")
    for unique in sorted(wanted):
        entity = ids.get(unique, unique)
        print(f"| {entity} | {states[entity]['state'] if entity in states else 'disabled at first'} |")


async def commands(bed, name):
    ids = await bed.ids()

    async def setting(service, unique, value, state=None, **data):
        await bed.ha.service(*service.split("."), ids[unique], **data)
        await bed.becomes(unique, value if state is None else state)
    await setting("switch.turn_off", f"{CAM_ID}_detect", "off")
    await setting("switch.turn_on", f"{CAM_ID}_detect", "on")
    await setting("select.select_option", f"{NODE_ID}_log_level", "debug", option="debug")
    await setting("select.select_option", f"{NODE_ID}_log_level", "info", option="info")
    await bed.ha.service("select", "select_option", ids[f"{NODE_ID}_model"], option="two")
    await bed.becomes(f"{NODE_ID}_model", "two", 30)
    await bed.becomes(f"{NODE_ID}_model_name", "two")
    await bed.ha.service("button", "press", ids[f"{NODE_ID}_model_rollback"])
    await bed.becomes(f"{NODE_ID}_model", "one", 30)
    await shows(bed, name)


async def offers(bed, name, *models):
    entity = (await bed.ids())[f"{NODE_ID}_model"]

    async def offered():
        state = (await bed.ha.states())[entity]
        return state["attributes"].get("options") == list(models) and state["state"] == "one"
    took = await until(offered, 20)
    check(f"{name}: {', '.join(models)} can be chosen and one is", took is not None, f"{took} s")
    await shows(bed, name)


async def deletions(bed, name):
    """What the user deletes in Home Assistant is announced again."""
    wanted = await settled(bed)
    device = (await bed.devices())[CAM_ID]
    await bed.ha.ws("config/device_registry/remove_config_entry", config_entry_id=device["config_entries"][0], device_id=device["id"])

    async def gone():
        return f"{CAM_ID}_detect" not in await bed.ids()
    check("a deleted device is gone", await until(gone, 5) is not None)
    await bed.shows("a deleted device comes back by itself", wanted, 30)
    await bed.has_states("a deleted device", told(wanted))
    motion = (await bed.ids())[f"{CAM_ID}_fps"]
    await asyncio.sleep(11)  # at most one answer in 10 s
    await bed.ha.ws("config/entity_registry/remove", entity_id=motion)
    await asyncio.sleep(1)
    # From 2026.11 on nobody is told of a deleted entity.
    bed.broker.pub(f"{NODE}/request/announce", "{}", retain=False)
    await bed.shows("a deleted entity, announced again", wanted, 30)
    await shows(bed, name)


async def label_gone(bed, name, label):
    wanted = await settled(bed)
    check(f"{name}: nothing of {label} is announced", not any(f"_{label}_" in u for u in wanted))
    await shows(bed, name)


async def remembers(bed, name, label):
    """Before the daemon answers its birth, Home Assistant has more than there is."""
    await label_gone(bed, name, label)
    kept = [t for t in await bed.kept("lookout/") if f"/object/{label}/" in t]
    check(f"{name}: no topic of {label} is kept", kept == [], str(kept))


async def restart_button(bed, name):
    """Whoever runs it starts it again."""
    mark = bed.broker.mark()
    await bed.ha.service("button", "press", (await bed.ids())[f"{NODE_ID}_restart"])

    async def came_back():
        said = [p for _, t, p, *_ in bed.broker.after(mark) if t == f"{NODE}/status"]
        return b"offline" in said and said[-1] == b"online"
    took = await until(came_back, 60)
    check(f"{name}: offline, then online", took is not None, f"{took} s")
    await shows(bed, name)


async def nothing(bed, name, *kinds):
    """Discovery was switched off."""
    await bed.shows(name, {}, 20)
    check(f"{name}: no device", not {NODE_ID, CAM_ID} & (await bed.devices()).keys())
    await asyncio.sleep(2)
    kept = [t for t in await bed.kept("homeassistant/") if t != "homeassistant/status"]
    check(f"{name}: nothing is left at the broker", kept == [], str(kept))
    no_complaint(bed, name, *kinds)


async def main(step, *arguments):
    bed = await Bed().open()
    await step(bed, *arguments)
    await bed.ha.close()


STEPS = {f.__name__: f for f in (shows, commands, offers, deletions, label_gone, remembers, restart_button, nothing)}
asyncio.run(main(STEPS[sys.argv[1]], *sys.argv[2:]))
sys.exit(bool(failed))
