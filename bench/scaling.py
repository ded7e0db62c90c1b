"""
What a message costs by how much there is of everything else: nothing may grow.
"""

import hashlib
import sys
import time
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import attrs

from bench.past import Past, made
from bench.rules import add_rules
from bench.sending import fill
from bench.staging import asked_for, on
from smsgw.cli.proving.processes import Cost
from smsgw.cli.proving.rates import BATCH, drain, personal
from smsgw.cli.proving.source import Source, bearer
from smsgw.cli.proving.venue import Venue, counts
from smsgw.cli.stage import Stage

__all__ = ["Growth", "growths", "ratio", "scaling"]

LOT = 100
_PARTS = ("gateway", "valkey", "recorder")
_ACCOUNT = """
[[accounts]]
id = "{name}"
name = "{name}"
department = "outpatient"
signature = "示范医院"
category = "appointment"
extension = "{extension}"
validity = 86400.0

[[credentials]]
app_id = "{name}"
account = "{name}"
bearer_hash = "{hashed}"
scopes = ["send", "query"]
"""
_CHANNEL = """
[[channels]]
id = "{name}"
name = "{name}"
carrier = "mobile"
protocol = "cmpp"
version = "3.0"
endpoint = "tcp:127.0.0.1:{port}"
login = "{login}"
secret_file = "cmcc.secret"
access_number = "10690000"
service_id = "HOSPITAL"
connections = 1
window = 128
"""
_LOGIN = """\
[[carriers.accounts]]
login = "{login}"
secret_file = "cmcc.secret"
access = "10690000"
window = 256
connections = 4
"""


def _nothing(_: Stage, __: int) -> None:
    pass


def _one_key(stage: Stage, _: int) -> Sequence[str]:
    return [stage.key]


@attrs.frozen
class Growth:
    """
    Sizes of one thing; how it is laid down before the gateway starts, and once it
    runs; whose keys the load uses.
    """

    sizes: Sequence[int]
    before: Callable[[Stage, int], None] = _nothing
    running: Callable[[Stage, int], None] = _nothing
    keys: Callable[[Stage, int], Sequence[str]] = _one_key


def growths(largest: int) -> dict[str, Growth]:
    """
    All that may not make a message dearer.
    """
    sizes = (0, largest // 10, largest)
    return {
        "backlog": Growth(sizes, _without_unicom, _held),
        "history": Growth(sizes, _recorded),
        "channels": Growth((1, 10, 100), _channels),
        "accounts": Growth((1, 100, 2500), _accounts, keys=_keys),
        "rules": Growth((0, 20, 200), add_rules),
    }


def scaling() -> dict[str, Any]:
    """
    CPU of gateway, Valkey and recorder per message by backlog, history, channels,
    accounts, rules (SMSGW_SCALING_MESSAGES, SMSGW_SCALING_LARGEST).
    """
    messages = round(asked_for("SCALING_MESSAGES", 6000))
    found: dict[str, Any] = {}
    for name, growth in growths(round(asked_for("SCALING_LARGEST", 1_000_000))).items():
        found[name] = {}
        for size in growth.sizes:
            cost = found[name][str(size)] = _cost(growth, size, messages)
            print(f"  {name} {size:,}: {cost}", file=sys.stderr, flush=True)
    return {
        "figure": max(ratio(sizes) for sizes in found.values()),
        "unit": "times the cost of the smallest size, at most",
        "messages": messages,
        "ratios": {name: ratio(sizes) for name, sizes in found.items()},
        "sizes": found,
        "cpu_us_per_message": next(iter(found["backlog"].values())),
        "memory_mb": {},
    }


def ratio(sizes: dict[str, dict[str, float]]) -> float:
    """
    The cost of the largest size beside that of the smallest.
    """
    totals = [sum(cost.values()) for cost in sizes.values()]
    return round(totals[-1] / totals[0], 2) if totals[0] else 0.0


def _cost(growth: Growth, size: int, messages: int) -> dict[str, float]:
    venue = Venue(connections=2, window=128)
    with on(venue, before=lambda stage: growth.before(stage, size)) as stage:
        growth.running(stage, size)
        keys = growth.keys(stage, size)
        _through(stage, keys, 1000, 0)
        _quiet(stage)
        cost = Cost.of(stage)
        _through(stage, keys, messages, 1000)
        time.sleep(0.5)
        found = cost.per_message(messages)
        return {name: round(found.get(name, 0.0), 1) for name in _PARTS}


def _quiet(stage: Stage) -> None:
    """
    Wait, at most 15 seconds, until what earlier work left to do is done.
    """
    for _ in range(30):
        cost = Cost.of(stage)
        time.sleep(0.5)
        if sum(cost.per_message(1_000_000).values()) < 0.05:
            return


def _through(stage: Stage, keys: Sequence[str], messages: int, start: int) -> None:
    """
    So many messages to their end, keys in turn.
    """
    wanted = counts(stage).get("ended", 0) + messages
    source = Source(stage.ports["http"], bearer("", BATCH), [], 1)
    for turn, first in enumerate(range(start, start + messages, LOT)):
        source.head = bearer(keys[turn % len(keys)], BATCH)
        source.bodies = [personal(LOT, first)]
        source.once()
    drain(stage, wanted)


def _without_unicom(stage: Stage, _: int) -> None:
    """
    The channel of one carrier is switched off: what is for it stays.
    """
    stage.command(
        "channels", "-c", str(stage.config), "pause", "cucc", "--reason", "bench"
    )


def _held(stage: Stage, size: int) -> None:
    fill(stage, size, "sgip")


def _recorded(stage: Stage, size: int) -> None:
    if size:
        made(stage.folder / "data" / "record.sqlite", Past(size, time.time()))


def _channels(stage: Stage, size: int) -> None:
    """
    Mobile numbers are dealt out over so many channels, all to one carrier.
    """
    logins = [f"91{n:04d}" for n in range(size)]
    objects = stage.folder / "objects.toml"
    text, port = objects.read_text("utf-8"), stage.ports["cmpp"]
    for login in logins:
        text += _CHANNEL.format(name=f"c{login}", port=port, login=login)
    dealt = ", ".join(f'{{ channel = "c{one}", weight = 1 }}' for one in logins)
    text = text.replace(
        'primaries = [{ channel = "cmcc", weight = 1 }]', f"primaries = [{dealt}]"
    )
    objects.write_text(text, "utf-8")
    scene = stage.folder / "simulator.toml"
    first, mark, rest = scene.read_text("utf-8").partition("[[carriers.accounts]]")
    more = "".join(_LOGIN.format(login=one) for one in logins)
    scene.write_text(first + more + mark + rest, "utf-8")
    stage.processes["simulator"].terminate()
    stage.processes["simulator"].wait(20)
    stage.start_carrier()
    stage.command("apply", "-c", str(stage.config), str(objects))


def _key(number: int) -> str:
    return f"bench-{number:06d}-" + "k" * 24


def _accounts(stage: Stage, size: int) -> None:
    objects = stage.folder / "objects.toml"
    with objects.open("a", encoding="utf-8") as file:
        for number in range(size):
            hashed = hashlib.sha256(_key(number).encode()).hexdigest()
            name, extension = f"b{number}", f"2{number:04d}"
            file.write(_ACCOUNT.format(name=name, extension=extension, hashed=hashed))
    stage.command("apply", "-c", str(stage.config), str(objects))


def _keys(_: Stage, size: int) -> Sequence[str]:
    numbers = list(range(size))
    Random(3).shuffle(numbers)
    return [_key(number) for number in numbers]
