"""Commands of Home Assistant to a running daemon, and the settings that they make."""
import json

from bed import check
from client import until
from daemon_bed import NODE
from entities import CAM_ID, NODE_ID

# Made by the user and kept from then on: service, its data, the topic of the setting and its value.
KEPT = {
    f"{CAM_ID}_zone_door": ("switch.turn_off", {}, "cam/porch/setting/zone/door", "OFF"),
    f"{CAM_ID}_publish_images": ("switch.turn_on", {}, "cam/porch/setting/publish_images", "ON"),
    f"{CAM_ID}_max_fps": ("number.set_value", {"value": 30}, "cam/porch/setting/max_fps", "30"),
    f"{CAM_ID}_threshold_person": ("number.set_value", {"value": 0.4}, "cam/porch/setting/threshold/person", "0.4"),
    f"{NODE_ID}_inference_max_fps": ("number.set_value", {"value": 60}, "setting/inference_max_fps", "60"),
    f"{NODE_ID}_log_level": ("select.select_option", {"option": "warn"}, "setting/log_level", "warn"),
    f"{NODE_ID}_model": ("select.select_option", {"option": "two"}, "setting/model", "two"),
}


async def ask(bed, unique, service, **data):
    await bed.ha.service(*service.split("."), (await bed.ids())[unique], **data)


async def commands(bed, name):
    """There and back again; each comes back as a setting."""
    async def turn(key, service, state):
        await ask(bed, f"{CAM_ID}_{key}", service)
        await bed.becomes(f"{CAM_ID}_{key}", state)
    for key in ("detect", "zone_drive", "zone_door"):
        await turn(key, "switch.turn_off", "off")
        await turn(key, "switch.turn_on", "on")
    await ask(bed, f"{NODE_ID}_model", "select.select_option", option="two")
    await bed.becomes(f"{NODE_ID}_model", "two", 30)
    await bed.becomes(f"{NODE_ID}_model_name", "two")
    await ask(bed, f"{NODE_ID}_model_rollback", "button.press")
    await bed.becomes(f"{NODE_ID}_model", "one", 30)
    mark = bed.broker.mark()
    await ask(bed, f"{CAM_ID}_restart", "button.press")

    async def restarted():
        said = [p for _, t, p, *_ in bed.broker.after(mark) if t == f"{NODE}/cam/porch/state"]
        return said and b'"phase":"running"' in said[-1]
    check("the camera restarts and runs", await until(restarted, 20) is not None)
    await bed.is_whole(name)


async def sets(bed, name):
    for unique, (service, data, _, value) in KEPT.items():
        await ask(bed, unique, service, **data)
        await bed.becomes(unique, value.lower(), 30)
    await bed.is_whole(name)


async def keeps(bed, name, *kinds):
    """All is there, and set as the user has set it; labels and zones may be gone."""
    await bed.is_whole(name, *kinds)
    there = KEPT.keys() & (await bed.ids()).keys()
    wrong = {}

    async def same():
        states, ids = await bed.ha.states(), await bed.ids()
        wrong.clear()
        wrong.update({u: states[ids[u]]["state"] for u in there if states[ids[u]]["state"] != KEPT[u][3].lower()})
        return not wrong
    took = await until(same, 10)
    check(f"{name}: {len(there)} of {len(KEPT)} settings are there and hold", took is not None, str(wrong or f"{took} s"))


async def restart_button(bed, name):
    said = await bed.restart_by_button(name)
    await keeps(bed, name)
    again = said()
    online = again.index((f"{NODE}/status", b"online"))
    early = dict(again[:online])
    for _, _, topic, value in KEPT.values():
        values = {p.decode() for t, p in again if t == f"{NODE}/{topic}"}
        check(f"{name}: {topic} was {value} before it was online, and nothing else since", early.get(f"{NODE}/{topic}") == value.encode() and values == {value}, str(values))


async def switched_off(bed, name):
    """A camera that was switched off stays so over a restart, and can be switched on again."""
    async def is_off():
        await bed.becomes(f"{CAM_ID}_detect", "off", 20)
        await bed.becomes(f"{CAM_ID}_object_any_occupancy", "off", 20)
        # Frames still come, and motion is still told.
        await bed.becomes(f"{CAM_ID}_connected", "on", 20)
    await ask(bed, f"{CAM_ID}_detect", "switch.turn_off")
    await is_off()
    await bed.restart_by_button(name)
    await is_off()
    phase = json.loads((await bed.kept("lookout/"))[f"{NODE}/cam/porch/state"])["phase"]
    check(f"{name}: the camera is paused", phase == "paused", phase)
    await ask(bed, f"{CAM_ID}_detect", "switch.turn_on")
    await bed.becomes(f"{CAM_ID}_object_any_occupancy", "on", 60)
    await keeps(bed, name)
