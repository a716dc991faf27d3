"""A Home Assistant beside a broker, and the checks that are made of both."""
import asyncio

from client import HA, Broker, Log, until

# They have no state until somebody uses them.
STATELESS = {"button", "event", "image", "camera"}
failed = []


def check(name, ok, detail=""):
    print("PASS" if ok else "FAIL", name, detail, flush=True)
    if not ok:
        failed.append(name)


class Bed:
    async def open(self):
        self.broker = Broker()
        self.ha = await HA().open()
        self.log = Log()
        await self.ha.wait_running()
        await self.ha.mqtt_entry()
        return self

    async def registry(self):
        return {e["unique_id"]: e for e in await self.ha.ws("config/entity_registry/list") if e["platform"] == "mqtt"}

    async def ids(self):
        return {unique: e["entity_id"] for unique, e in (await self.registry()).items()}

    async def devices(self):
        found = await self.ha.ws("config/device_registry/list")
        return {i[1]: d for d in found for i in d["identifiers"] if i[0] == "mqtt"}

    async def shows(self, name, wanted, timeout=20):
        """Exactly these entities, each with a state."""
        async def same():
            return set(await self.ids()) == wanted.keys()
        took = await until(same, timeout)
        now = (await self.ids()).keys()
        check(f"{name}: exactly the {len(wanted)} entities", took is not None, f"{took} s; missing {sorted(wanted.keys() - now)}, too many {sorted(now - wanted.keys())}")

    async def has_states(self, name, wanted, timeout=10):
        expected = {u for u, c in wanted.items() if c.get("enabled_by_default", True) and c["platform"] not in STATELESS}
        bad = {}

        async def known():
            states, ids = await self.ha.states(), await self.ids()
            bad.clear()
            bad.update({u: states.get(ids.get(u), {}).get("state") for u in expected})
            for unique in [u for u, s in bad.items() if s not in (None, "unknown", "unavailable")]:
                del bad[unique]
            return not bad
        took = await until(known, timeout)
        check(f"{name}: {len(expected)} of them have a state", took is not None, str(bad or f"{took} s"))

    async def kept(self, prefix, topic=None):
        """What the broker has kept, by topic."""
        mark = self.broker.mark()
        self.broker.client.subscribe(topic or f"{prefix}#", 1)
        await asyncio.sleep(1)
        return {t: p for _, t, p, r, _ in self.broker.after(mark, prefix) if r and p}

    def no_complaint(self, name, *expected):
        lines = [x for x in self.log.new() if "mqtt" in x or "template" in x or "components.sensor" in x]
        wrong = [x for x in lines if not any(words in x for words in expected)]
        check(f"Home Assistant has no complaint {name}", not wrong, "\n     ".join([f"({len(lines) - len(wrong)} expected remarks)", *wrong]))

    async def becomes(self, unique, value, timeout=5):
        entity = (await self.ids())[unique]

        async def same():
            return (await self.ha.states())[entity]["state"] == value
        took = await until(same, timeout)
        check(f"{entity} becomes {value}", took is not None, f"{took} s")
