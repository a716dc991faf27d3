"""What every look at a running daemon through a Home Assistant beside it needs."""
import asyncio
import json

from bed import Bed, check
from client import until
from entities import CAM_ID, NODE_ID

NODE = "lookout/pi"
# Whatever else may be added, these are always there.
ALWAYS = {
    *(f"{NODE_ID}_{key}" for key in ("connected", "problem", "model_name", "model", "model_rollback", "restart", "log_level", "inference_ms", "outbox")),
    *(f"{CAM_ID}_{key}" for key in ("connected", "motion", "detect", "object", "fps", "latency_ms", "object_any_occupancy", "object_any_count", "zone_drive", "zone_drive_object_any_occupancy")),
}
# Home Assistant's own trouble with a broker that is away.
BROKER_AWAY = ("Disconnected from MQTT server", "Failed to connect to MQTT server", "Error talking to MQTT", "No ACK from MQTT server", "The connection was lost")
# What it says when entities go over from one mode to the other, and of removing what it has not got.
EXPECTED = {
    "migration": ("Received a conflicting MQTT discovery message", "Ignoring empty MQTT discovery payload for disabled", "logging too frequently", "Unable to remove unknown dispatcher"),
    "removal": ("No device components to cleanup", "To prevent this, disable the entity instead"),
}


class DaemonBed(Bed):
    async def documents(self, wait=0.7):
        """The components that the broker keeps, by unique id, as the latest messages have them."""
        mark = self.broker.mark()
        self.broker.client.subscribe("homeassistant/#", 1)
        await asyncio.sleep(wait)
        found = {}
        for _, topic, payload, retained, _ in self.broker.after(mark, "homeassistant/"):
            parts = topic.split("/")
            if not retained or not payload or parts[-1] != "config":
                continue
            payload = json.loads(payload)
            components = payload["components"].values() if parts[1] == "device" else [{"platform": parts[1], **payload}]
            found |= {c["unique_id"]: c for c in components if "unique_id" in c}
        return found

    async def settled(self, timeout=30):
        """The documents, once Lookout is online and has announced them."""
        found = {}

        async def complete():
            # Documents go out before this is said.
            online = (await self.kept("lookout/", f"{NODE}/status")).get(f"{NODE}/status") == b"online"
            found.clear()
            found.update(await self.documents())
            return online and ALWAYS <= found.keys()
        await until(complete, timeout)
        check("the broker keeps the documents", ALWAYS <= found.keys(), f"missing {sorted(ALWAYS - found.keys())}")
        return dict(found)

    async def is_whole(self, name, *kinds):
        """Home Assistant has exactly what is announced, with its states, and nothing to complain of."""
        wanted = await self.settled()
        await self.shows(name, wanted, 40)
        # It tries a broker that was away again after 10 s.
        await self.has_states(name, told(wanted), 40)
        self.has_not_complained(name, *kinds)

    def has_not_complained(self, name, *kinds):
        """Looks at the whole log since Home Assistant's start."""
        self.log.pos = 0
        self.no_complaint(name, *BROKER_AWAY, *EXPECTED["removal"], *(words for kind in kinds for words in EXPECTED[kind]))

    async def restart_by_button(self, name):
        """Whoever runs it starts it again. The result gives what was published since: (topic, payload)."""
        mark = self.broker.mark()
        await self.ha.service("button", "press", (await self.ids())[f"{NODE_ID}_restart"])

        def said():
            return [(t, p) for _, t, p, retained, _ in self.broker.after(mark) if not retained]

        async def came_back():
            status = [p for t, p in said() if t == f"{NODE}/status"]
            return b"offline" in status and status[-1] == b"online"
        took = await until(came_back, 60)
        check(f"{name}: offline, then online", took is not None, f"{took} s")
        return said


def told(wanted):
    """Those that have a state from the start; nothing was seen yet of some labels."""
    return {u: c for u, c in wanted.items() if not u.endswith("_last_seen")}
