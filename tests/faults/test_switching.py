"""
The account's signature changes again and again under load: each phone shows one
signature, one that was valid, and where it is not accepted the former.
"""

import contextlib
import hashlib
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import attrs
import pytest

from smsgw.cli.proving.load import call
from smsgw.cli.stage import Stage

SWITCHES = 8
LEAST = 5_000
MOST = 7_000
LOT = 40
PHONES = 400  # a phone keeps its last 20 texts
RARE = 10  # one in so many is long, and to a phone of its own: references are short
SEEN = 2.0  # seconds after which a running gateway surely acts on a change
FORMER = "示范医院"
LONG = "请携带身份证和既往检查资料，空腹前来，如需改期请提前一日致电门诊服务台。" * 2
CARRIERS = ("new", "old")

SIMULATOR = """\
control = ["tcp:{control}:interface=127.0.0.1"]

[[carriers]]
name = "new"
protocol = "cmpp"
listen = ["tcp:{cmpp}:interface=127.0.0.1"]
latency = {{ response = 0.005, receipt = 0.2 }}
accounts = [{{ login = "900001", secret = "made up", access = "10690000" }}]

[[carriers]]
name = "old"
protocol = "smgp"
listen = ["tcp:{smgp}:interface=127.0.0.1"]
latency = {{ response = 0.005, receipt = 0.2 }}
accounts = [{{ login = "900003", secret = "made up", access = "10659000" }}]
"""
OBJECTS = """\
[[credentials]]
app_id = "his"
account = "his"
bearer_hash = "{hash}"

[[channels]]
id = "new"
name = "new"
carrier = "mobile"
protocol = "cmpp"
endpoint = "tcp:127.0.0.1:{cmpp}"
login = "900001"
secret = "made up"
access_number = "10690000"
connections = 2
speed = 160.0

[[channels]]
id = "old"
name = "old"
carrier = "mobile"
protocol = "smgp"
endpoint = "tcp:127.0.0.1:{smgp}"
login = "900003"
secret = "made up"
access_number = "10659000"
connections = 2
speed = 160.0

[[groups]]
id = "all"
primaries = [{{ channel = "new" }}, {{ channel = "old" }}]

[[rules]]
id = "all"
order = 1
group = "all"

[[accounts]]
id = "his"
name = "门诊预约系统"
category = "notice"
signature = "sign{newest}"

[[signatures]]
id = "sign0"
text = "示范医院"
"""
SIGNATURE = """
[[signatures]]
id = "sign{number}"
text = "{text}"
filings = {{ new = "accepted", old = "filed" }}
former = "{former}"
"""


def number_of(place: int) -> str:
    """
    A phone's.
    """
    if place % RARE == 3:
        return f"1390013{place // RARE:04d}"
    return f"1380013{place % PHONES:04d}"


def signature(number: int) -> str:
    """
    The text after so many switches; each begins like the one before.
    """
    return FORMER + "滨海新区院区"[: number % 6] + f"{number}院" * (number > 0)


@attrs.define(eq=False)
class Switching:
    """
    A carrier with two channels and a gateway; C{began} and C{ended} tell when each
    switch was made.
    """

    stage: Stage
    began: list[float] = attrs.field(factory=lambda: [0.0])
    ended: list[float] = attrs.field(factory=lambda: [0.0])

    def lay_down(self) -> None:
        """
        Before the first.
        """
        self.stage.build()
        scenario = SIMULATOR.format(**self.stage.ports)
        (self.stage.folder / "simulator.toml").write_text(scenario, "utf-8")
        self._write(0)
        self.stage.start()

    def _write(self, newest: int) -> Path:
        hashed = hashlib.sha256(self.stage.key.encode()).hexdigest()
        text = OBJECTS.format(hash=hashed, newest=newest, **self.stage.ports)
        for number in range(1, newest + 1):
            former = signature(number - 1)
            text += SIGNATURE.format(
                number=number, text=signature(number), former=former
            )
        path = self.stage.folder / "objects.toml"
        path.write_text(text, "utf-8")
        return path

    def switch(self) -> None:
        """
        Another signature, as an operator would give the account one.
        """
        path = self._write(len(self.began))
        self.began.append(time.monotonic())
        config = str(self.stage.config)
        assert "account his" in self.stage.command("apply", "-c", config, str(path))
        self.ended.append(time.monotonic())

    def valid(self, asked: float, answered: float) -> Iterator[str]:
        """
        The signatures that a message of this time may have got.
        """
        after = [*self.ended[1:], answered]
        for number, began in enumerate(self.began):
            if began <= answered and asked <= after[number] + SEEN:
                yield signature(number)

    def known(self) -> int:
        """
        The last switch that the gateway surely knows of.
        """
        until = time.monotonic() - SEEN
        return max(n for n, at in enumerate(self.ended) if at <= until or n == 0)


@attrs.define(eq=False)
class Message:
    """
    What was handed in, and when.
    """

    to: str
    body: str
    asked: float
    answered: float


@attrs.define(eq=False)
class Load:
    """
    Texts without a signature, with the newest that is known written by the caller at
    either end, and of several segments.
    """

    switching: Switching
    sent: dict[str, Message] = attrs.field(factory=dict)
    faults: list[Any] = attrs.field(factory=list)
    ending: threading.Event = attrs.field(factory=threading.Event)

    def run(self) -> None:
        """
        Until it is ended, slowly when there are enough; what cannot be sent ends it
        too.
        """
        for number in range(0, MOST, LOT):
            if self.ending.is_set():
                return
            self._send(range(number, number + LOT))
            time.sleep(0.1 if len(self.sent) < LEAST else 0.5)

    def _send(self, numbers: Sequence[int]) -> None:
        stage, asked = self.switching.stage, time.monotonic()
        bodies = [f"第{n:06d}号预约成功。" + LONG * (n % RARE == 3) for n in numbers]
        written = signature(self.switching.known())
        texts = [
            (body, f"【{written}】{body}", f"{body}【{written}】", body)[n % 4]
            for n, body in zip(numbers, bodies, strict=True)
        ]
        items = [
            {"to": number_of(n), "text": text}
            for n, text in zip(numbers, texts, strict=True)
        ]
        status, answer = call(
            stage.ports["http"], stage.key, "POST", "/v1/messages/batch",
            {"items": items},
        )  # fmt: skip
        answered = time.monotonic()
        if status != 202 or answer.get("rejected"):
            self.faults.append(answer)
            self.ending.set()
            return
        for item, body in zip(items, bodies, strict=True):
            self.sent[body] = Message(item["to"], body, asked, answered)


@pytest.fixture
def switching(tmp_path: Path) -> Iterator[Switching]:
    """
    Everything runs.
    """
    made = Switching(Stage(tmp_path / "stage", Path("etc"), usual=False))
    try:
        made.lay_down()
        yield made
    finally:
        made.stage.stop()


def told(control: HTTPConnection, path: str) -> Any:
    """
    What the simulated carriers tell.
    """
    control.request("GET", path)
    return json.loads(control.getresponse().read())


def wait_for(what: Any, seconds: float, words: str) -> None:
    """
    Poll until it is true.
    """
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, words
        time.sleep(0.1)


def ready(switching: Switching) -> bool:
    """
    The gateway answers and both channels are there.
    """
    stage = switching.stage
    with contextlib.suppress(OSError, ValueError):
        status, _ = call(stage.ports["http"], stage.key, "GET", "/v1/ready")
        return bool(status == 200)
    return False


def shown(switching: Switching, load: Load) -> dict[str, list[tuple[str, str]]]:
    """
    All texts on phones by carrier, with their numbers, once all are there.
    """
    port = switching.stage.ports["control"]
    numbers = sorted({one.to for one in load.sent.values()})
    with contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=10)) as control:

        def arrived() -> bool:
            counts = [told(control, f"/carriers/{one}/totals") for one in CARRIERS]
            return bool(sum(one["messages"] for one in counts) >= len(load.sent))

        wait_for(arrived, 30, "not all reached a phone")
        return {
            carrier: [
                (text["number"], text["text"])
                for number in numbers
                for text in told(control, f"/carriers/{carrier}/phones/{number}")
            ]
            for carrier in CARRIERS
        }


def part(found: tuple[str, str]) -> tuple[str, str]:
    """
    The signature in front of a text, and the rest.
    """
    signed, _, body = found[1].removeprefix("【").partition("】")
    return signed, body


def fits(
    switching: Switching, load: Load, carrier: str, number: str, text: str
) -> bool:
    """
    A text as it has to be: signed once, in front, validly for carrier and time.
    """
    signed, body = part((number, text))
    sent = load.sent[body]
    if (number, text) != (sent.to, f"【{signed}】{body}"):
        return False
    if carrier == "old":
        return signed == FORMER
    return signed in switching.valid(sent.asked, sent.answered)


@pytest.mark.real
def test_signatures_switch_under_load(switching: Switching) -> None:
    """
    No text is lost or doubled, and none has a mixed, doubled or missing signature.
    """
    wait_for(lambda: ready(switching), 30, "not ready")
    load = Load(switching)
    thread = threading.Thread(target=load.run, daemon=True)
    thread.start()
    for _ in range(SWITCHES):
        switching.switch()
        time.sleep(0.4)
    time.sleep(SEEN)
    wait_for(lambda: len(load.sent) >= LEAST or load.ending.is_set(), 20, "slow")
    load.ending.set()
    thread.join(20)
    assert [] == load.faults
    texts = shown(switching, load)

    bare = Counter(body for found in texts.values() for _, body in map(part, found))
    assert bare == Counter(load.sent.keys())
    wrong = [
        (carrier, text)
        for carrier, found in texts.items()
        for number, text in found
        if not fits(switching, load, carrier, number, text)
    ]
    assert [] == wrong
    used = {signed for signed, _ in map(part, texts["new"])}
    assert {signature(n) for n in range(SWITCHES + 1)} == used
    assert all(len(found) > LEAST / 4 for found in texts.values())
