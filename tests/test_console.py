"""
The console of a node: where the first password goes, and what its status says.
"""

from pathlib import Path
from typing import Any

import attrs

from smsgw.console import console_site, sessions_over, status_of, tell_first_password
from smsgw.ports import Depths
from smsgw.queues.memory_sessions import MemorySessions
from tests.admin.conftest import house, template
from tests.support.console import HOSPITAL, House
from tests.support.record import now_or_never

__all__ = ["house", "template"]


@attrs.define
class Waiting:
    """
    The part of a queue that tells depths and counts.
    """

    async def depths(self, now: float) -> Depths:
        """
        Some.
        """
        return Depths({"notice": 2}, {"cmcc:notice": 1}, 3, 4, 5, 6)

    async def counts(self) -> dict[str, dict[str, int]]:
        """
        Of two accounts.
        """
        return {"a|1": {"accepted": 2}, "b|1": {"accepted": 3}}


@attrs.define
class Ships:
    """
    The part of a fleet that tells its channels.
    """

    shard: Any
    channels: dict[str, Any] = attrs.field(factory=dict)

    def live(self) -> dict[str, bool]:
        """
        The one that does not run here.
        """
        return {"cmcc": True}


def test_the_first_password_is_for_its_owner(house: House, tmp_path: Path) -> None:
    """
    In a file that nobody else reads, once.
    """
    now_or_never(tell_first_password(house.desk, tmp_path))
    path = tmp_path / "first-login.txt"
    person, password = path.read_text("utf-8").split()
    assert 0o600 == path.stat().st_mode & 0o777
    assert 303 == house.post("/login", person=person, password=password).status
    path.unlink()
    now_or_never(tell_first_password(house.desk, tmp_path))
    assert not path.exists()


def test_status(house: House) -> None:
    """
    Sums over accounts and days; channels by the directory.
    """
    ships: Any = Ships(attrs.make_class("S", ["gateway"])(house.desk.gateway))
    queue: Any = Waiting()
    status = now_or_never(status_of("n", {"queue": True}, queue, [ships], 0.0))
    assert {"accepted": 5} == status.counters
    assert {"queue": True, "cmcc": True} == status.parts
    assert (2, 1, 6) == (
        status.depths["intake notice"],
        status.depths["out cmcc:notice"],
        status.lag,
    )
    assert ["cmcc"] == [one.id for one in status.channels]
    assert status.channels[0].connections == 1


def test_sessions_and_site(house: House) -> None:
    """
    In memory where the queue is; bodies are bounded.
    """
    assert isinstance(sessions_over(None, house.wall), MemorySessions)  # type: ignore[arg-type]  # only now is used
    site: Any = console_site(house.desk, None)
    assert site.body_bytes > 1024 * 1024
    assert HOSPITAL.people
