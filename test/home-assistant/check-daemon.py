"""Looks at a running daemon through a Home Assistant beside it: check-daemon.py STEP NAME [ARGUMENT…]

What has to be there follows from the documents that the broker keeps, and for "sees" from
entities.py; NAME says in the output what has happened before.
A line for each check; exit status 1 when one fails.
"""
import asyncio
import sys

import daemon_settings
from bed import check, failed
from client import until
from daemon_bed import NODE, DaemonBed, told
from entities import BY_MACHINE, CAM_ID, ENTITIES, EVERY, NODE_ID, TRIGGERS


async def shows(bed, name, *kinds):
    await bed.is_whole(name, *kinds)


async def enables(bed, name):
    """Those that are disabled at first."""
    off = [e["entity_id"] for e in (await bed.registry()).values() if e["disabled_by"]]
    for entity in off:
        await bed.ha.ws("config/entity_registry/update", entity_id=entity, disabled_by=None)

    async def known():
        states = await bed.ha.states()
        return all(states.get(entity, {}).get("state") not in (None, "unknown", "unavailable") for entity in off)
    took = await until(known, 60)
    # After 30 s it loads all of MQTT again on this account.
    await asyncio.sleep(35)
    check(f"{name}: {', '.join(off)} have a state", bool(off) and took is not None, f"{took} s")
    await bed.is_whole(name)


async def sees(bed, name):
    """Soon after its start the scene has a cat and a person; then every entity has a state."""
    await bed.restart_by_button(name)
    unseen = {f"{CAM_ID}_{key}" for key in ("motion", "object_any_occupancy", "zone_drive_object_any_occupancy", "object_person_occupancy", "object_cat_occupancy")}

    async def seen():
        states, ids = await bed.ha.states(), await bed.ids()
        unseen.difference_update([u for u in unseen if states[ids[u]]["state"] == "on"])
        return not unseen
    took = await until(seen, 60)
    check(f"{name}: motion, a person, a cat and a zone were on", took is not None, str(unseen or f"{took} s"))
    await bed.ha.service("button", "press", (await bed.ids())[f"{CAM_ID}_snapshot"])
    there = (await bed.ids()).keys()
    check(f"{name}: the whole set of entities", EVERY - BY_MACHINE <= there <= EVERY, f"missing {sorted(EVERY - BY_MACHINE - there)}, too many {sorted(there - EVERY)}")
    # Buttons tell when they were pressed.
    unknown = {}

    async def known():
        states, ids = await bed.ha.states(), await bed.ids()
        unknown.clear()
        unknown.update({i: states[i]["state"] for i in ids.values() if not i.startswith("button.") and states[i]["state"] in ("unknown", "unavailable")})
        return not unknown
    took = await until(known, 60)
    check(f"{name}: every entity but buttons has a state", took is not None, str(unknown or f"{took} s"))
    device = (await bed.devices())[CAM_ID]["id"]
    listed = await bed.ha.ws("device_automation/trigger/list", device_id=device)
    triggers = {(t["type"], t["subtype"]) for t in listed if t["domain"] == "mqtt"}
    check(f"{name}: {len(TRIGGERS)} device triggers", triggers == TRIGGERS, str(sorted(triggers ^ TRIGGERS)))
    await table(bed)
    await daemon_settings.keeps(bed, name)


async def table(bed):
    states, ids = await bed.ha.states(), await bed.ids()
    print("| what for | entity | state |\n|---|---|---|")
    for purpose, uniques in ENTITIES.items():
        for unique in uniques:
            entity = ids.get(unique)
            print(f"| {purpose} | {entity or unique} | {states[entity]['state'] if entity else 'this machine does not tell it'} |")


async def offers(bed, name, *models):
    entity = (await bed.ids())[f"{NODE_ID}_model"]

    async def offered():
        state = (await bed.ha.states())[entity]
        return state["attributes"].get("options") == list(models) and state["state"] == "one"
    took = await until(offered, 20)
    check(f"{name}: {', '.join(models)} can be chosen and one is", took is not None, f"{took} s")
    await bed.is_whole(name)


async def deletions(bed, name):
    """What the user deletes in Home Assistant is announced again."""
    wanted = await bed.settled()
    device = (await bed.devices())[CAM_ID]
    await bed.ha.ws("config/device_registry/remove_config_entry", config_entry_id=device["config_entries"][0], device_id=device["id"])

    async def gone():
        return f"{CAM_ID}_detect" not in await bed.ids()
    check("a deleted device is gone", await until(gone, 5) is not None)
    await bed.shows("a deleted device comes back by itself", wanted, 30)
    await bed.has_states("a deleted device", told(wanted))
    rate = (await bed.ids())[f"{CAM_ID}_fps"]
    await asyncio.sleep(11)  # at most one answer in 10 s
    await bed.ha.ws("config/entity_registry/remove", entity_id=rate)
    await asyncio.sleep(1)
    # From 2026.11 on nobody is told of a deleted entity.
    bed.broker.pub(f"{NODE}/request/announce", "{}", retain=False)
    await bed.shows("a deleted entity, announced again", wanted, 30)
    await daemon_settings.keeps(bed, name)


async def lacks(bed, name, word):
    """Neither Home Assistant nor the broker has anything left of a label or zone."""
    await daemon_settings.keeps(bed, name)
    left = [u for u in await bed.ids() if f"_{word}_" in f"{u}_"]
    check(f"{name}: no entity of {word}", left == [], str(left))
    kept = []

    async def cleared():
        kept[:] = [t for t in await bed.kept("lookout/") if word in t.split("/")]
        return not kept
    took = await until(cleared, 10)
    check(f"{name}: no topic of {word} is kept", took is not None, str(kept or f"{took} s"))


async def nothing(bed, name, *kinds):
    """Discovery was switched off."""
    await bed.shows(name, {}, 20)
    check(f"{name}: no device", not {NODE_ID, CAM_ID} & (await bed.devices()).keys())
    await asyncio.sleep(2)
    kept = [t for t in await bed.kept("homeassistant/") if t != "homeassistant/status"]
    check(f"{name}: nothing is left at the broker", kept == [], str(kept))
    bed.has_not_complained(name, *kinds)


async def main(step, *arguments):
    bed = await DaemonBed().open()
    await step(bed, *arguments)
    await bed.ha.close()


OF_SETTINGS = [getattr(daemon_settings, name) for name in ("commands", "sets", "keeps", "restart_button", "switched_off")]
STEPS = {f.__name__: f for f in (shows, enables, sees, offers, deletions, lacks, nothing, *OF_SETTINGS)}
asyncio.run(main(STEPS[sys.argv[1]], *sys.argv[2:]))
sys.exit(bool(failed))
