"""
Where figures are taken: a gateway with simulated carriers, wide enough for them.
"""

import json
import shutil
import socket
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs

from smsgw.cli.stage import Stage
from smsgw.errors import Unavailable
from smsgw.queues.valkey_files import ValkeyFiles

__all__ = [
    "PREFIXES",
    "SAMPLES",
    "Venue",
    "counts",
    "fetch",
    "numbers",
    "opened",
    "start_ready",
    "unrecorded",
]

#: The objects of a made-up hospital, with the package.
SAMPLES = Path(__file__).with_name("samples")
#: Numbers of the protocol's carrier begin so.
PREFIXES = {"cmpp": 139, "sgip": 186, "smgp": 189, "smpp": 139}
_CARRIER = """\
[[carriers]]
name = "{name}"
protocol = "{protocol}"
listen = ["tcp:{port}:interface=127.0.0.1"]
deliver_window = 256
[carriers.latency]
response = {response}
response_jitter = {jitter}
receipt = 0.2
receipt_jitter = 0.1
[[carriers.accounts]]
login = "{login}"
secret_file = "{secret}.secret"
access = "{access}"
window = 256
connections = 10
"""
_SMPP = 'protocol = "smpp"\nversion = "3.4"'
_SEALED = """
[protection]
phone = "on"
text = "on"
patient = "on"
key_file = "fields.key"
"""


@attrs.frozen
class Venue:
    """
    Each of three channels has so many connections, each with such a window; carriers
    answer after C{response} seconds, give or take half. C{mobile} is the protocol of
    the first; C{sealed} keeps phones and texts protected. What is accepted stays
    queued until C{queue} messages wait. C{more} is added to the settings.
    """

    connections: int = 2
    window: int = 16
    mobile: str = "cmpp"
    response: float = 0.02
    sealed: bool = False
    queue: int = 50_000_000
    more: str = ""

    def furnish(self, stage: Stage) -> None:
        """
        Change the files of a stage just built.
        """
        self._objects(stage)
        (stage.folder / "simulator.toml").write_text(self._carriers(stage), "utf-8")
        settings = f"\n[limits]\nqueue_messages = {self.queue}\n{self.more}"
        settings += _SEALED if self.sealed else ""
        with stage.config.open("a", encoding="utf-8") as file:
            file.write(settings)

    def _objects(self, stage: Stage) -> None:
        objects = stage.folder / "objects.toml"
        text = objects.read_text("utf-8")
        text = text.replace("connections = 2", f"connections = {self.connections}")
        if self.mobile == "smpp":
            text = text.replace('protocol = "cmpp"\nversion = "3.0"', _SMPP, 1)
            (stage.folder / "cmcc.secret").write_text("12345678\n", "utf-8")
        text = text.replace("window = 16", f"window = {self.window}")
        objects.write_text(text, "utf-8")

    def _carriers(self, stage: Stage) -> str:
        ports = stage.ports
        carriers = [
            ("mobile", self.mobile, ports["cmpp"], "900001", "cmcc", "10690000"),
            ("unicom", "sgip", ports["sgip"], "900002", "cucc", "10655000"),
            ("telecom", "smgp", ports["smgp"], "900003", "ctcc", "10659000"),
        ]
        names = ("name", "protocol", "port", "login", "secret", "access")
        text = f'control = ["tcp:{ports["control"]}:interface=127.0.0.1"]\n'
        for one in carriers:
            text += _CARRIER.format(
                **dict(zip(names, one, strict=True)),
                response=self.response,
                jitter=self.response / 2,
            )
            if one[1] == "sgip":
                back = f"tcp:127.0.0.1:{ports['back']}"
                text += f'report_mode = "reverse"\nreverse = ["{back}"]\n'
        return text


@contextmanager
def opened(
    venue: Venue,
    carrier: bool = True,
    samples: Path = SAMPLES,
    before: Callable[[Stage], None] = lambda _: None,
) -> Iterator[Stage]:
    """
    A gateway on a folder of its own, gone afterwards; without a carrier everything
    queues up. C{before} may change things before the gateway starts.
    """
    folder = Path(tempfile.mkdtemp(prefix="smsgw-bench-"))
    stage = Stage(folder / "stage", samples, usual=False)
    try:
        stage.build()
        venue.furnish(stage)
        if carrier:
            stage.start_carrier()
        objects = str(stage.folder / "objects.toml")
        stage.command("apply", "-c", str(stage.config), objects)
        before(stage)
        start_ready(stage)
        yield stage
    finally:
        stage.stop()
        shutil.rmtree(folder, ignore_errors=True)


def start_ready(stage: Stage) -> float:
    """
    Start the gateway; the seconds until it answers.
    """
    began = time.monotonic()
    stage.start_gateway()
    for _ in range(2400):
        try:
            fetch(stage.ports["http"], "/v1/ready")
        except OSError:
            stage.check()
            time.sleep(0.025)
        else:
            return time.monotonic() - began
    raise Unavailable("the gateway is not ready")


def fetch(port: int, path: str) -> Any:
    """
    JSON of a page without a login.
    """
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as page:
        return json.loads(page.read())


def numbers(
    count: int, start: int = 0, protocols: Sequence[str] = ("cmpp",)
) -> list[str]:
    """
    Made-up numbers, of the protocols' carriers in turn.
    """
    prefixes = [PREFIXES[one] for one in protocols]
    return [
        f"{prefixes[n % len(prefixes)]}{(start + n) % 100_000_000:08d}"
        for n in range(count)
    ]


def counts(stage: Stage) -> dict[str, int]:
    """
    Messages accepted, waiting, leased, open and ended, by the queue's own counters.
    """
    words = _array(_asked(stage, b"HGETALL", b"{s0}:counts"))
    found: dict[str, int] = {}
    for name, value in zip(words[::2], words[1::2], strict=True):
        what = name.rpartition(b"|")[2].decode()
        found[what] = found.get(what, 0) + int(value)
    return found


def unrecorded(stage: Stage) -> int:
    """
    Facts, in lists of what one exchange brought, that are not in the record yet.
    """
    return int(_asked(stage, b"LLEN", b"{s0}:facts").readline()[1:])


def _asked(stage: Stage, *words: bytes) -> Any:
    """
    What the queue server answers, as a stream.
    """
    asked = b"".join(b"$%d\r\n%b\r\n" % (len(word), word) for word in words)
    with socket.socket(socket.AF_UNIX) as link:
        link.connect(str(ValkeyFiles.prepare(stage.folder / "data").socket))
        link.sendall(b"*%d\r\n%b" % (len(words), asked))
        return link.makefile("rb")


def _array(stream: Any) -> list[bytes]:
    """
    A server's answer of many words.
    """
    words = []
    for _ in range(int(stream.readline()[1:])):
        size = int(stream.readline()[1:])
        words.append(stream.read(size))
        stream.read(2)
    return words
