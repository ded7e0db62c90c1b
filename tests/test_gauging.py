"""
Tests for L{smsgw.gauging}.
"""

from types import SimpleNamespace
from typing import Any

import attrs
import pytest

from smsgw.config import Limits, Positive
from smsgw.errors import Unavailable
from smsgw.gauging import Gauges
from smsgw.ids import IdSource
from smsgw.memory import machine_memory
from smsgw.metrics import Metrics
from smsgw.ports import Admission, Depths
from tests.support.record import now_or_never

NOW = 1_790_000_000.0
MEBIBYTE = 2**20
DEPTHS = Depths({"code": 2, "bulk": 0}, {"a|b:code": 5}, 1, 3, 4, 6)
INFO = {
    "used_memory": str(10 * MEBIBYTE),
    "maxmemory": "0",
    "total_system_memory": str(100 * MEBIBYTE),
    "aof_enabled": "1",
    "aof_last_write_status": "ok",
    "aof_current_size": "77",
}


@attrs.define(eq=False)
class Watch:
    """
    A clock of the test's.
    """

    at: float = 0.0

    def now(self) -> float:
        """
        Epoch seconds.
        """
        return NOW + self.at

    def monotonic(self) -> float:
        """
        Steady seconds.
        """
        return self.at


@attrs.define(eq=False)
class Store:
    """
    A queue of the test's, and what its server tells.
    """

    depth: Depths = DEPTHS
    told: dict[str, str] = attrs.field(factory=lambda: dict(INFO))
    away: bool = False
    asked: int = 0

    async def depths(self, _now: float) -> Depths:
        """
        How much waits where.
        """
        return self.depth

    async def peek(self, lane: str, _count: int) -> list[tuple[str, bytes]]:
        """
        One chunk that came 9 s ago; of another lane, nobody asks.
        """
        assert "code" == lane
        return [(IdSource(0).take(1, NOW - 9.0)[0], b"")]

    async def info(self, key: str) -> dict[str, str]:
        """
        Of the first shard's server.
        """
        assert "{s0}" == key
        self.asked += 1
        if self.away:
            raise Unavailable("away")
        return self.told


@attrs.define(eq=False)
class Ward:
    """
    Gauges of a node with one shard and one channel.
    """

    store: Store = attrs.field(factory=Store)
    clock: Watch = attrs.field(factory=Watch)
    metrics: Metrics = attrs.field(factory=Metrics)
    limits: Limits = attrs.field(factory=Limits)
    recorder: Any = attrs.field(factory=lambda: SimpleNamespace(recorded_at=NOW - 3))
    disk: Any = None
    held: list[Any] = attrs.field(init=False)
    gauges: Gauges = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        orphans = SimpleNamespace(waiting=lambda: {"k": None})
        carrier = SimpleNamespace(
            connections=[SimpleNamespace(room=10), SimpleNamespace(room=-2)],
            contract=SimpleNamespace(channel=SimpleNamespace(window=16)),
        )
        self.held = [
            SimpleNamespace(
                queue=self.store,
                shard=SimpleNamespace(settlement=SimpleNamespace(orphans=orphans)),
                fleet=SimpleNamespace(channels={"a": carrier}),
                recorder=self.recorder,
            )
        ]
        node, clock, link = (*map(self._any, (self, self.clock, self.store)),)
        self.gauges = Gauges(self.metrics, clock, self.limits, node, link)

    @staticmethod
    def _any(value: object) -> Any:
        return value

    def parts(self) -> dict[str, bool]:
        """
        What works.
        """
        return {"node": True, "queue": False}

    def look(self, seconds: float = 5.0) -> list[str]:
        """
        After so long; what monitoring reads then.
        """
        self.clock.at += seconds
        now_or_never(self.gauges.look())
        return self.metrics.render().decode().splitlines()


def test_levels() -> None:
    """
    Of the queue, the server, the channels, the record and the process.
    """
    found = Ward().look()
    for line in (
        'smsgw_queue_messages{lane="code",place="intake"} 2.0',
        'smsgw_queue_messages{lane="notice",place="intake"} 0.0',
        'smsgw_queue_messages{lane="code",place="out"} 5.0',
        'smsgw_queue_messages{lane="",place="due"} 1.0',
        'smsgw_queue_messages{lane="",place="leased"} 3.0',
        'smsgw_queue_messages{lane="",place="open"} 4.0',
        'smsgw_queue_oldest_seconds{lane="code"} 14.0',
        'smsgw_queue_oldest_seconds{lane="bulk"} 0.0',
        "smsgw_record_lag 6.0",
        "smsgw_record_behind_seconds 8.0",
        'smsgw_window_size{channel="a"} 32.0',
        'smsgw_window_used{channel="a"} 22.0',
        "smsgw_orphans_waiting 1.0",
        "smsgw_shards_held 1.0",
        'smsgw_up{part="queue"} 0.0',
        "smsgw_queue_aof_ok 1.0",
        "smsgw_queue_aof_bytes 77.0",
        'smsgw_memory_bytes{part="queue"} 1.048576e+07',
        'smsgw_watermark{of="gateway"} 0.0',
    ):
        assert line in found, line
    assert any(line.startswith("smsgw_build_info{") for line in found)
    assert any(line.startswith("process_open_fds ") for line in found)


def test_it_seldom_asks() -> None:
    """
    Every five seconds; a server that is away leaves the levels as they are.
    """
    ward = Ward()
    for seconds in (1.0, 1.0, 1.0, 5.0):
        found = ward.look(seconds)
    assert 2 == ward.store.asked
    ward.store.away = True
    assert "smsgw_queue_aof_ok 1.0" in ward.look()
    assert "smsgw_record_lag 6.0" in found


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("aof_enabled", "0"),
        ("aof_last_write_status", "err"),
        ("aof_last_bgrewrite_status", "err"),
    ],
)
def test_a_queue_that_is_not_kept(name: str, value: str) -> None:
    """
    Any of these is 0.
    """
    ward = Ward()
    ward.store.told[name] = value
    assert "smsgw_queue_aof_ok 0.0" in ward.look()


@pytest.mark.parametrize(
    ("used", "most", "full"), [(69, 0, False), (71, 0, True), (50, 40, True)]
)
def test_a_full_queue_server(used: int, most: int, full: bool) -> None:
    """
    At 70 % of its machine or at its own bound doors refuse.
    """
    ward = Ward()
    ward.store.told |= {
        "used_memory": str(used * MEBIBYTE),
        "maxmemory": str(most * MEBIBYTE),
    }
    ward.look()
    assert {"disk": True, "memory": not full} == ward.gauges.room()
    if full:
        with pytest.raises(Unavailable, match="memory of queue"):
            ward.gauges.check(Admission("", [], ""))
    else:
        ward.gauges.check(Admission("", [], ""))


def test_a_full_gateway() -> None:
    """
    Its mark is never above 70 % of the machine.
    """
    ward = Ward(limits=Limits(memory_mib=Positive(1)))
    assert 'smsgw_watermark{of="gateway"} 2.0' in ward.look()
    assert not ward.gauges.room()["memory"]
    large = Ward(limits=Limits(memory_mib=Positive(10**9)))
    assert machine_memory() > large.gauges.memory.marks["gateway"]


def test_a_disk_that_is_low() -> None:
    """
    It is asked about the lanes; its level is told.
    """
    asked: list[object] = []
    disk = SimpleNamespace(level="low", free=5, check=asked.append)
    ward = Ward(disk=disk)
    ward.gauges.check(Admission("", [], ""))

    assert 1 == len(asked)
    assert 'smsgw_watermark{of="disk"} 1.0' in ward.look()
    assert {"disk": True, "memory": True} == ward.gauges.room()


def test_a_record_that_has_not_begun() -> None:
    """
    Is behind by as long as the process runs.
    """
    ward = Ward(recorder=SimpleNamespace(recorded_at=0.0))
    assert "smsgw_record_behind_seconds 7.0" in ward.look(7.0)
