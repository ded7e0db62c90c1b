"""
What is known of each connection, over its whole life.
"""

from typing import Any

from twisted.internet.defer import Deferred, fail
from twisted.internet.error import ConnectionRefusedError

from smsgw.channels.seats import Seat, Watched
from tests.support.carried import Carried
from tests.support.worlds import NOW, Still


def test_a_connection_that_works() -> None:
    """
    Logged in, its window, what it sent and what was answered.
    """
    carried = Carried("cmpp", connections=2)
    first, second = carried.channel.lines()
    assert ("cm1", 1, "bound", "900001") == (
        first.channel,
        first.number,
        first.state,
        first.login,
    )
    assert (2, 16, 0, 0) == (second.number, second.window, second.sent, second.used)
    assert "" == first.trouble
    carried.world.accept("您好", "再见", "谢谢")
    carried.turn(1.0)
    lines = carried.channel.lines()
    assert 3 == sum(one.sent for one in lines)
    assert 3 == sum(one.answered for one in lines)
    assert 0 == sum(one.used for one in lines)
    carried.stop()


def test_a_heartbeat_is_timed() -> None:
    """
    A quiet line is asked, and how long the answer took is known.
    """
    carried = Carried("cmpp", connections=1)
    assert 0.0 == carried.channel.lines()[0].beat_at
    carried.turn(12.0)
    line = carried.channel.lines()[0]
    assert 0.0 <= line.beat < 1.0
    assert NOW + 9.0 < line.beat_at < NOW + 12.5
    carried.stop()


class Refusing:
    """
    An endpoint where nobody is.
    """

    def connect(self, _factory: Any) -> "Deferred[Any]":
        return fail(ConnectionRefusedError())


def test_nobody_there() -> None:
    """
    Why, and when it tries again.
    """
    clock: Any = Still()
    seat = Seat(0, clock)
    assert "connecting" == seat.told("cm1", "900001").state
    tried = Watched(Refusing(), seat).connect(None)  # type: ignore[arg-type]  # enough
    found: list[Any] = []
    tried.addErrback(found.append)
    assert 1 == len(found)
    assert 8.0 == seat.paced(lambda tries: 2.0**tries)(3)
    line = seat.told("cm1", "900001")
    assert ("waiting", NOW + 8.0, "closed") == (line.state, line.retry_at, line.trouble)
    seat.dialled()
    assert "connecting" == seat.told("cm1", "900001").state


def test_a_refused_login() -> None:
    """
    The carrier's code stays until it lets us in.
    """
    carried = Carried("cmpp", connections=1, settings={})
    seat = carried.channel._seats[0]
    seat.refused(3)
    seat.ended("login_refused", 3)
    line = seat.told("cm1", "900001")
    assert ("login_refused", 3) == (line.trouble, line.code)
    carried.stop()


def test_leaving() -> None:
    """
    A line that says goodbye takes nothing more.
    """
    carried = Carried("cmpp", connections=1)
    line: Any = carried.channel.connections[0].line
    line.session.terminate(carried.timers.seconds(), 5.0)
    assert "draining" == carried.channel.lines()[0].state
    carried.stop()
