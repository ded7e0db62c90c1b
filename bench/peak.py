"""
The hospital's worst hour: thousands of people with live pages while messages go out.
"""

import hashlib
import http.client
import json
import resource
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import msgspec

from bench.staging import ALL, asked_for, on
from smsgw.admin.entrance import Session
from smsgw.admin.request import COOKIE
from smsgw.cli.proving.delays import settled
from smsgw.cli.proving.processes import Cost
from smsgw.cli.proving.rates import BATCH, drain, personal
from smsgw.cli.proving.source import Source, bearer
from smsgw.cli.proving.venue import Venue, counts
from smsgw.cli.stage import Stage
from smsgw.errors import Unavailable
from smsgw.queues.valkey_files import ValkeyFiles
from smsgw.security.passwords import hash_password
from smsgw.storage.database import make_engine
from smsgw.storage.logins import set_password

__all__ = ["PEOPLE", "peak", "tickets_of"]

LOT = 100
_LONG = "3600"
_FILES = 16_384
_CATEGORY = "notice"
_SEE = ("overview", "messages", "search", "message", "replies")
#: Made-up people, which pages each may see; the last are most of a crowd.
PEOPLE = {
    "li": (*_SEE, "reports", "monitor"),
    "sun": ("overview", "messages", "search", "message", "replies", "monitor"),
    "wang": (*_SEE, "reports"),
    "zhou": _SEE,
    "zhao": _SEE,
    "qian": _SEE,
}
_ROLES = """
[[roles]]
id = "office"
name = "信息科"
permissions = ["overview", "messages", "phones", "reports", "channels", "routes"]
scope = "all"

[[roles]]
id = "watch"
name = "运维"
permissions = ["overview", "messages", "channels", "lists"]
scope = "all"

[[roles]]
id = "manager"
name = "门诊办"
permissions = ["overview", "messages", "phones", "reports"]
scope = "department"

[[roles]]
id = "ward"
name = "科室发送员"
permissions = ["overview", "send", "messages", "contacts"]
scope = "department"
"""
_HELD = {"li": "office", "sun": "watch", "wang": "manager"}


def peak() -> dict[str, Any]:
    """
    4,000 messages a second for a minute beside 2,500 people at the console, each with
    a live page (SMSGW_PEAK_RATE, SMSGW_PEAK_SESSIONS, SMSGW_PEAK_SECONDS,
    SMSGW_PEAK_THINK: seconds between one person's pages).
    """
    seconds, rate = asked_for("PEAK_SECONDS", 60), asked_for("PEAK_RATE", 4000)
    sessions, think = int(asked_for("PEAK_SESSIONS", 2500)), asked_for("PEAK_THINK", 60)
    _allow_files()
    word = secrets.token_urlsafe(18)
    with on(Venue(4, 128), before=lambda stage: _settle(stage, word)) as stage:
        people = tickets_of(stage, sessions, word)
        orders = {
            "port": stage.ports["admin"],
            "people": people,
            "seconds": seconds,
            "think": think,
        }
        with _crowd(orders) as crowd:
            source, figures = _loaded(stage, rate, seconds)
            people_saw = json.loads(crowd.stdout.readline()) if crowd.stdout else {}
        delays = settled(stage, _CATEGORY, source.answered * LOT).told()
    return {
        "figure": people_saw["page_ms"]["p95"],
        "unit": "ms p95 of a page",
        "sessions": sessions,
        "asked_per_second": rate,
        **figures,
        "message": delays,
        "message_p99_ms": delays["p99_ms"],
        **people_saw,
    }


def _loaded(stage: Stage, rate: float, seconds: float) -> tuple[Source, dict[str, Any]]:
    """
    The messages, and what they cost.
    """
    bodies = [personal(LOT, LOT * turn, ALL, _CATEGORY) for turn in range(256)]
    source = Source(stage.ports["http"], bearer(stage.key, BATCH), bodies, 8)
    cost, began = Cost.of(stage), time.monotonic()
    source.run(seconds, rate / LOT)
    took = time.monotonic() - began
    ended = counts(stage)["ended"]
    per_message, memory = cost.per_message(max(1, ended)), cost.memory()
    drain(stage, source.answered * LOT)
    return source, {
        "taken": source.answered * LOT,
        "refused": len(source.refused) * LOT,
        "taken_per_second": round(source.answered * LOT / took),
        "ended_per_second": round(ended / took),
        "accept_p99_ms": source.percentile(0.99),
        "cpu_us_per_message": per_message,
        "other_cores": cost.others(),
        "memory_mb": memory,
    }


@contextmanager
def _crowd(orders: dict[str, Any]) -> Iterator["subprocess.Popen[str]"]:
    """
    The people, once all of them watch.
    """
    words = [sys.executable, "-m", "bench.crowd"]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True) as crowd:
        if crowd.stdin is None or crowd.stdout is None:
            raise Unavailable("no pipes")
        try:
            crowd.stdin.write(json.dumps(orders) + "\n")
            crowd.stdin.flush()
            if crowd.stdout.readline() != "ready\n":
                raise Unavailable("the crowd did not come")
            yield crowd
        finally:
            crowd.terminate()


def _allow_files() -> None:
    """
    Two connections for each person, for the gateway and the crowd that we start.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, enough), hard))


def _settle(stage: Stage, word: str) -> None:
    """
    People with roles and a password, before the gateway starts.
    """
    objects = stage.folder / "objects.toml"
    with objects.open("a", encoding="utf-8") as file:
        file.write(_ROLES)
        for person in PEOPLE:
            role = _HELD.get(person, "ward")
            file.write(
                f'\n[[people]]\nid = "{person}"\nname = "{person}"\n'
                f'department = "main"\nrole = "{role}"\naccount = "his"\n'
            )
    stage.command("apply", "-c", str(stage.config), str(objects))
    hashed = hash_password(word)
    engine = make_engine(f"sqlite:///{stage.folder / 'data' / 'record.sqlite'}")
    with engine.connect() as connection:
        connection.execution_options(writes=True)
        with connection.begin():
            for person in PEOPLE:
                set_password(connection, person, hashed, False, "bench", time.time())
    engine.dispose()


def tickets_of(stage: Stage, count: int, word: str) -> list[tuple[str, Sequence[str]]]:
    """
    What browsers hold, and the pages they turn to: a handful logs in, the others'
    sessions go straight into the store, as logging in takes long on purpose.
    """
    names = list(PEOPLE)
    entered = [
        (_enter(stage, one, word), PEOPLE[one]) for one in names[: min(count, 6)]
    ]
    kept = [
        (secrets.token_urlsafe(32), names[turn % len(names)])
        for turn in range(count - len(entered))
    ]
    with socket.socket(socket.AF_UNIX) as link:
        link.settimeout(30)
        link.connect(str(ValkeyFiles.prepare(stage.folder / "data").socket))
        stream = link.makefile("rb")
        for ticket, person in kept:
            link.sendall(_keep(ticket, person))
            if stream.readline() != b"+OK\r\n":
                raise Unavailable("a session was not taken")
    return entered + [(ticket, PEOPLE[person]) for ticket, person in kept]


def _keep(ticket: str, person: str) -> bytes:
    """
    The command that keeps a session, as L{smsgw.queues.sessions} does.
    """
    now = time.time()
    session = Session(person, secrets.token_urlsafe(24), now, "127.0.0.1", "bench", now)
    name = hashlib.sha256(ticket.encode()).hexdigest()
    home, body = f"console:session:{name}".encode(), msgspec.json.encode(session)
    words = (b"SET", home, body, b"EX", _LONG.encode())
    parts = b"".join(b"$%d\r\n%s\r\n" % (len(one), one) for one in words)
    return b"*%d\r\n%s" % (len(words), parts)


def _enter(stage: Stage, person: str, word: str) -> str:
    """
    Log in as people do; the cookie.
    """
    link = http.client.HTTPConnection("127.0.0.1", stage.ports["admin"], timeout=30)
    form = urlencode({"person": person, "password": word, "next": "/"})
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    link.request("POST", "/login", form, kind)
    answer = link.getresponse()
    answer.read()
    cookies = answer.headers.get_all("Set-Cookie") or []
    link.close()
    for cookie in cookies:
        name, _, value = cookie.partition(";")[0].partition("=")
        if name == COOKIE:
            return value
    raise Unavailable(f"{person} could not log in: {answer.status}")
