"""
Processes under full load, and a carrier that begins to refuse, or to hang: the backup
has taken over within seconds, nothing is lost, and the channel comes back.
"""

import contextlib
import hashlib
import http.client
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from smsgw.cli.proving.load import call
from smsgw.cli.stage import Stage

LOT, PHONES = 500, 600
SIMULATOR = """\
control = ["tcp:{control}:interface=127.0.0.1"]

[[carriers]]
name = "one"
protocol = "cmpp"
listen = ["tcp:{cmpp}:interface=127.0.0.1"]
latency = {{ response = 0.01, receipt = 0.2 }}
texts_per_number = 1000
accounts = [{{ login = "900001", secret = "made up", access = "10690000" }}]

[[carriers]]
name = "two"
protocol = "smgp"
listen = ["tcp:{smgp}:interface=127.0.0.1"]
latency = {{ response = 0.01, receipt = 0.2 }}
texts_per_number = 1000
accounts = [{{ login = "900003", secret = "made up", access = "10659000" }}]
"""
CHANNEL = """
[[channels]]
id = "{name}"
name = "{name}"
carrier = "mobile"
protocol = "{protocol}"
endpoint = "tcp:127.0.0.1:{port}"
login = "{login}"
secret = "made up"
access_number = "{access}"
connections = 2
speed = 150.0
settings = {{ timeout = 5.0 }}
"""
OBJECTS = """
[[departments]]
id = "main"
name = "示范医院"

[[accounts]]
id = "his"
name = "门诊预约系统"
department = "main"
category = "otp"
signature = "示范医院"

[[credentials]]
app_id = "his"
account = "his"
bearer_hash = "{hash}"

[[groups]]
id = "all"
primaries = [{{ channel = "one" }}]
backups = ["two"]

[[rules]]
id = "all"
order = 1
group = "all"
"""
REFUSES = ("rules", [{"result": 51}], [])
HANGS = ("faults", {"silent": True}, {"silent": False})


@attrs.define(eq=False)
class Ward:
    """
    Two carriers and a gateway whose channel C{one} has C{two} as its backup.
    """

    stage: Stage
    bodies: list[str] = attrs.field(factory=list)

    def lay_down(self) -> None:
        """
        Everything starts.
        """
        stage = self.stage
        stage.build()
        ports = stage.ports
        text = OBJECTS.format(hash=hashlib.sha256(stage.key.encode()).hexdigest())
        for name, protocol, login, access in (
            ("one", "cmpp", "900001", "10690000"),
            ("two", "smgp", "900003", "10659000"),
        ):
            text += CHANNEL.format(
                name=name,
                protocol=protocol,
                port=ports[protocol],
                login=login,
                access=access,
            )
        scenario = SIMULATOR.format(**ports)
        (stage.folder / "simulator.toml").write_text(scenario, "utf-8")
        (stage.folder / "objects.toml").write_text(text, "utf-8")
        stage.start()

    def send(self, lots: int) -> None:
        """
        So many messages more than the channels can take at once.
        """
        for _ in range(lots):
            first = len(self.bodies)
            bodies = [f"验证码{first + n:06d}" for n in range(LOT)]
            items = [
                {"to": f"1380013{(first + n) % PHONES:04d}", "text": body}
                for n, body in enumerate(bodies)
            ]
            status, answer = self.call("POST", "/v1/messages/batch", {"items": items})
            assert (202, 0) == (status, answer.get("rejected", 0)), answer
            self.bodies += bodies

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """
        A request to the gateway.
        """
        return call(self.stage.ports["http"], self.stage.key, method, path, body)

    def well(self) -> bool:
        """
        Whether channel C{one} is, as monitoring reads it.
        """
        port = self.stage.ports["http"]
        door = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        with contextlib.closing(door):
            door.request("GET", "/metrics")
            return b'smsgw_channel_well{channel="one"} 1.0' in door.getresponse().read()

    def carrier(self, name: str, path: str, body: Any = None) -> Any:
        """
        What a simulated carrier is asked, or told.
        """
        control = http.client.HTTPConnection(
            "127.0.0.1", self.stage.ports["control"], timeout=10
        )
        with contextlib.closing(control):
            told = None if body is None else json.dumps(body)
            path = f"/carriers/{name}/{path}"
            control.request("GET" if told is None else "POST", path, told)
            return json.loads(control.getresponse().read())

    def shown(self, name: str) -> int:
        """
        How many messages are on phones by a carrier.
        """
        count: int = self.carrier(name, "totals")["messages"]
        return count

    def channels(self, *words: str) -> str:
        """
        The command as an operator gives it.
        """
        return self.stage.command("channels", "-c", str(self.stage.config), *words)

    def texts(self) -> Counter[str]:
        """
        How often each text came to a phone.
        """
        found: Counter[str] = Counter()
        for name in ("one", "two"):
            for number in range(min(PHONES, len(self.bodies))):
                for text in self.carrier(name, f"phones/1380013{number:04d}"):
                    found[re.sub("【.*】", "", text["text"])] += 1
        return found


def wait_for(what: Callable[[], bool], seconds: float, words: str) -> float:
    """
    Poll until it is true; how long that took.
    """
    begun = time.monotonic()
    while not what():
        assert time.monotonic() - begun < seconds, words
        time.sleep(0.1)
    return time.monotonic() - begun


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    """
    Everything runs and answers.
    """
    made = Ward(Stage(tmp_path / "stage", Path("etc"), usual=False))

    def ready() -> bool:
        with contextlib.suppress(OSError, ValueError):
            return bool(made.call("GET", "/v1/ready")[0] == 200)
        return False

    try:
        made.lay_down()
        wait_for(ready, 30, "not ready")
        yield made
    finally:
        made.stage.stop()


@pytest.mark.real
@pytest.mark.parametrize(("where", "breaks", "mends"), [REFUSES, HANGS])
def test_a_carrier_that_fails_at_full_load(
    ward: Ward, where: str, breaks: Any, mends: Any
) -> None:
    """
    Messages wait all the time; the backup takes them, then the channel again.
    """
    ward.send(4)
    wait_for(lambda: ward.shown("one") > 100, 20, "nothing is sent")
    assert 0 == ward.shown("two")
    assert ward.well()
    ward.carrier("one", where, breaks)
    wait_for(lambda: not ward.well(), 20, "nobody sees it")
    before = ward.shown("two")
    wait_for(lambda: ward.shown("two") > before + 300, 10, "the backup does not begin")
    ward.carrier("one", where, mends)
    ward.send(4)
    wait_for(ward.well, 90, "it does not return")
    before = ward.shown("one")
    wait_for(lambda: ward.shown("one") > before + 300, 10, "it does nothing")
    wait_for(
        lambda: ward.shown("one") + ward.shown("two") >= len(ward.bodies), 90, "lost"
    )
    log = ward.channels("log", "one").splitlines()
    told = [word for line in log for word in re.findall(" -> ([a-z]+)", line)]
    assert ["well", "canary", "tripped"] == told[:3]
    texts = ward.texts()
    assert set() == set(ward.bodies) - set(texts)
    assert texts.total() - len(ward.bodies) < 2 * 32


@pytest.mark.real
def test_switched_by_hand_at_full_load(ward: Ward) -> None:
    """
    One command, and within five seconds the backup sends; another one, and back.
    """
    ward.send(4)
    wait_for(lambda: ward.shown("one") > 100, 20, "nothing is sent")
    told = ward.channels("pause", "one", "--reason", "合同到期")
    assert "one  paused 已暂停\n" == told
    assert wait_for(lambda: ward.shown("two") > 50, 5, "no backup") < 5.0
    ward.channels("resume", "one")
    before = ward.shown("one")
    wait_for(lambda: ward.shown("one") > before + 50, 5, "it is not back")
    wait_for(
        lambda: ward.shown("one") + ward.shown("two") >= len(ward.bodies), 60, "lost"
    )
    assert Counter(ward.bodies) == ward.texts()
    assert "合同到期" in ward.channels("log")
