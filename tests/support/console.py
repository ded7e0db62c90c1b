"""
A console in memory: a small hospital's record in SQLite, a gateway over a few dicts,
and a browser that keeps cookies.
"""

import re
import shutil
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import attrs
from argon2 import PasswordHasher
from treq.testing import StubTreq
from twisted.internet.defer import Deferred
from twisted.web.http_headers import Headers

from smsgw.admin.app import Console
from smsgw.admin.desk import Desk
from smsgw.admin.status import ChannelState, Status
from smsgw.channels.recordings import Recordings
from smsgw.channels.seats import Line
from smsgw.channels.trial import Trial
from smsgw.config import Admin
from smsgw.directory import (
    Account,
    Channel,
    Department,
    Directory,
    Group,
    Person,
    Role,
    Rule,
    Share,
    Signature,
    Template,
    Variable,
)
from smsgw.errors import Unavailable
from smsgw.gateway.accept import Acceptance
from smsgw.gateway.gateway import Gateway
from smsgw.ids import IdSource
from smsgw.queues.memory_sessions import MemorySessions
from smsgw.rules.book import Rulebook
from smsgw.storage.database import Database
from smsgw.storage.directory_store import apply_directory
from smsgw.storage.logins import set_password
from smsgw.storage.reader import StoreReader
from tests.support.doors import Notes, Shelf, Stopper, Wall
from tests.support.record import FIELDS, NOW, now_or_never

__all__ = ["HOSPITAL", "PASSWORD", "Answer", "House", "filled"]

PASSWORD = "Quiet-river-42"
_HASH = PasswordHasher(1, 8, 1).hash(PASSWORD)  # cheap: tests log in often
HOSPITAL = Directory(
    departments={
        "main": Department("main", "总院"),
        "binhai": Department("binhai", "滨海院区"),
        "clinic": Department("clinic", "门诊部", "main"),
        "ward": Department("ward", "滨海病区", "binhai"),
    },
    accounts={
        "his": Account("his", "门诊预约", "clinic", signature="示范医院"),
        "ward": Account("ward", "滨海病区", "ward", signature="示范医院"),
    },
    channels={
        "cmcc": Channel(
            "cmcc", "移动一", "mobile", "cmpp", "tcp:127.0.0.1:7890", "900001", "x"
        )
    },
    groups={"all": Group("all", (Share("cmcc"),))},
    rules=(Rule("all", 1, "all"),),
    signatures={"main": Signature("main", "示范医院")},
    templates={
        "visit": Template(
            "visit",
            "就诊提醒",
            "{姓名}您好，请于{时间}到门诊就诊。",
            "appointment",
            "his",
            variables=(Variable("姓名", "name"), Variable("时间", "text")),
        )
    },
    roles={
        "operator": Role("operator", "运维管理员", ("*",), "all"),
        "sender": Role(
            "sender", "科室发送员", ("send", "messages", "contacts"), "department"
        ),
        "nobody": Role("nobody", "无权限", (), "own"),
    },
    people={
        "liu": Person("liu", "刘工", "main", "operator", "his"),
        "zhang": Person("zhang", "张护士", "ward", "sender", "ward"),
        "wang": Person("wang", "王护工", "ward", "nobody"),
    },
)


@attrs.frozen
class Answer:
    """
    What the browser got.
    """

    status: int
    text: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def where(self) -> str:
        """
        Where it was sent next.
        """
        return self.headers.get("location", "")


@attrs.define(eq=False)
class House:
    """
    The console over its record; C{down} makes the gateway's status unavailable.
    """

    database: Database
    directory: Directory = HOSPITAL
    settings: Admin = attrs.field(factory=Admin)
    wall: Wall = attrs.field(factory=lambda: Wall(NOW))
    shelf: Shelf = attrs.field(factory=Shelf)
    stopper: Stopper = attrs.field(factory=Stopper)
    down: bool = False
    connected: int = 1
    counters: dict[str, float] = attrs.field(factory=dict)
    cookies: dict[str, str] = attrs.field(factory=dict)
    trial: Trial = attrs.field(factory=lambda: Trial("", ("登录成功", "logged in")))
    tries: list[Channel] = attrs.field(factory=list)
    lines: list[Line] = attrs.field(factory=list)
    recordings: Recordings = attrs.field(factory=lambda: Recordings(Path("none")))
    desk: Desk = attrs.field(init=False)
    console: Console = attrs.field(init=False)
    agent: StubTreq = attrs.field(init=False)

    @classmethod
    def over(cls, template: Path, folder: Path, **changes: Any) -> "House":
        """
        On a copy of an empty record.
        """
        path = folder / "record.db"
        shutil.copy(template, path)
        made = {"recordings": Recordings(folder / "trace")} | changes
        return cls(Database.open(f"sqlite:///{path}"), **made)

    def __attrs_post_init__(self) -> None:
        now_or_never(self.database.write(apply_directory, self.directory, "test", NOW))
        gateway = Gateway(
            Acceptance(IdSource(0), self.shelf.put, lambda: None),
            self.stopper,  # type: ignore[arg-type]  # only cancel is used
            Notes(),  # type: ignore[arg-type]  # only note is used
            Rulebook.of(self.directory),
            lambda: NOW,
        )
        self.desk = Desk(
            gateway,
            self.database,
            FIELDS,
            StoreReader(self.database, FIELDS),
            self.wall,
            MemorySessions(self.wall.now),
            self.settings,
            self.status,
            self.try_channel,
            self.read_lines,
            self.recordings,
        )
        self.console = Console(self.desk)
        self.agent = StubTreq(self.console.resource())

    async def status(self) -> Status:
        """
        One channel of one connection.
        """
        if self.down:
            raise Unavailable("starting")
        channels = [
            ChannelState(
                one.id,
                one.name,
                one.carrier,
                one.protocol,
                True,
                self.connected,
                1,
                16,
                3,
            )
            for one in self.desk.directory.channels.values()
        ]
        depths = {"intake notice": 12.0, "open": 3.0}
        return Status("node1", {"queue": True}, depths, dict(self.counters), channels)

    async def read_lines(self, channel: str) -> list[Line]:
        """
        Those of C{lines} that are a channel's.
        """
        return [one for one in self.lines if one.channel == channel]

    async def try_channel(self, channel: Channel) -> Trial:
        """
        Goes as C{trial} says.
        """
        self.tries.append(channel)
        return self.trial

    def allow(self, person: str, must_change: bool = False) -> None:
        """
        The person can log in with L{PASSWORD}.
        """
        now_or_never(
            self.database.write(
                set_password, person, _HASH, must_change, "test", self.wall.now()
            )
        )

    def login(self, person: str = "liu") -> Answer:
        """
        Log in; other cookies are forgotten.
        """
        self.allow(person)
        self.cookies.clear()
        return self.post("/login", person=person, password=PASSWORD)

    def get(self, path: str) -> Answer:
        """
        A page.
        """
        return self.ask("GET", path, b"", {})

    def post(self, path: str, **form: str | list[str]) -> Answer:
        """
        A form, with the guard of the session where there is one.
        """
        fields = {"_csrf": form.get("_csrf") or self.token(), **form}
        body = urlencode(fields, doseq=True).encode()
        kind = "application/x-www-form-urlencoded"
        return self.ask("POST", path, body, {"Content-Type": kind})

    def upload(self, path: str, name: str, body: bytes, **form: str) -> Answer:
        """
        A form with a file in the field C{file}.
        """
        mark = "----made-up"
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}'
            for key, value in {"_csrf": self.token(), **form}.items()
        ]
        head = (
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; '
            f'filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
        )
        whole = "\r\n".join([*parts, head]).encode() + body
        whole += f"\r\n--{mark}--\r\n".encode()
        kind = f"multipart/form-data; boundary={mark}"
        return self.ask("POST", path, whole, {"Content-Type": kind})

    def token(self) -> str:
        """
        The guard of forms, as the account's page has it; '' for nobody.
        """
        if "smsgw" not in self.cookies:
            return ""
        found = re.search(r'name="_csrf" value="([^"]+)"', self.get("/account").text)
        return found[1] if found else ""

    def ask(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> Answer:
        """
        One request with our cookies; redirects are not followed.
        """
        sent = Headers({name: [value] for name, value in headers.items()})
        if self.cookies:
            held = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            sent.addRawHeader("Cookie", held)
        asked = self.agent.request(
            method,
            f"http://console{path}",
            data=body or None,
            headers=sent,
            allow_redirects=False,
        )
        answer = _result(asked, self.agent.flush)
        octets = _result(answer.content(), self.agent.flush)
        told = {
            name.decode().lower(): values[0].decode()
            for name, values in answer.headers.getAllRawHeaders()
        }
        for cookie in answer.headers.getRawHeaders("set-cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(answer.code, octets.decode("utf-8", "replace"), told, octets)


def _result(waiting: "Deferred[Any]", flush: Callable[[], None]) -> Any:
    found: list[Any] = []
    waiting.addBoth(found.append)
    for _ in range(10):
        if found:
            break
        flush()
    assert found, "the page waits for something"
    if hasattr(found[0], "raiseException"):
        found[0].raiseException()
    return found[0]


Sent = dict[str, str | list[str]]


class _Reader(HTMLParser):
    """
    Reads what a browser would send of a page's main form.
    """

    def __init__(self) -> None:
        super().__init__()
        self.sent: Sent = {}
        self.name = ""
        self.within = False

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in given}
        if tag == "form":
            self.within = told.get("class") == "card"
        look = getattr(self, f"_{tag}", None)
        if self.within and look is not None:
            look(told)

    def _input(self, told: dict[str, str]) -> None:
        name, value = told.get("name", ""), told.get("value", "")
        if told.get("type") != "checkbox":
            self.sent[name] = value
        elif "checked" in told:
            held = self.sent.setdefault(name, [])
            assert isinstance(held, list)
            held.append(value)

    def _select(self, told: dict[str, str]) -> None:
        self.name = told["name"]
        self.sent[self.name] = ""

    _textarea = _select

    def _option(self, told: dict[str, str]) -> None:
        if "selected" in told:
            self.sent[self.name] = told["value"]

    def handle_data(self, data: str) -> None:
        if self.within and self.name and self.lasttag == "textarea":
            self.sent[self.name] = data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("select", "textarea"):
            self.name = ""


def filled(page: str) -> Sent:
    """
    A page's main form (class C{card}) as it would come back untouched.
    """
    reader = _Reader()
    reader.feed(page)
    reader.sent.pop("_csrf", None)
    return reader.sent
