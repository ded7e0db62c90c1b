"""
Live pages: one look for all, each in their language, none when nobody watches.
"""

from collections.abc import Callable
from types import SimpleNamespace

from twisted.internet.task import Clock

from smsgw.admin.live import AT_ONCE, EACH, PATIENCE, PAUSE, Live, Tap, event
from smsgw.tasks import SystemClock


def shown(fragment: str) -> bytes:
    """
    An event, whenever it was drawn.
    """
    return without_id(event(fragment, 0.0))


def without_id(told: bytes) -> bytes:
    """
    What follows its first line.
    """
    return told.partition(b"\n")[2]


def test_everybody_gets_each_look() -> None:
    """
    Until they leave; then it stands still.
    """
    clock, looks = Clock(), [0]

    async def look() -> None:
        looks[0] += 1

    live = Live(SystemClock(clock), look, lambda language: f"{language} {looks[0]}")
    one: list[bytes] = []
    two: list[bytes] = []
    leave_one = live.watch(one.append, "zh")
    leave_two = live.watch(two.append, "en")
    clock.advance(EACH)
    assert [shown("zh 1"), shown("zh 2")] == [without_id(told) for told in one]
    assert [shown("en 2")] == [without_id(told) for told in two]
    assert 2 == live.watching
    leave_one()
    leave_two()
    clock.advance(EACH)
    clock.advance(EACH)
    assert 2 == looks[0]
    live.watch(one.append, "zh")()
    assert not live.watching


def test_a_crowd_is_told_by_and_by() -> None:
    """
    Messages have their turn in between; who left meanwhile is left out.
    """
    clock, told = Clock(), list[int]()

    async def look() -> None:
        pass

    def watch(one: int) -> Callable[[], None]:
        return live.watch(lambda _: told.append(one), "zh")

    live = Live(SystemClock(clock), look, lambda _: "x")
    first = watch(0)
    told.clear()
    ends = [watch(one) for one in range(1, 2 * AT_ONCE)]
    clock.advance(EACH)
    assert list(range(AT_ONCE)) == told
    ends[-1]()
    clock.advance(PAUSE)
    assert list(range(2 * AT_ONCE - 1)) == told
    first()


def test_a_browser_that_does_not_read() -> None:
    """
    Fragments are left out while it is full; it is cut off when that lasts.
    """
    channel = SimpleNamespace(cut=0)
    channel.forceAbortClient = lambda: setattr(channel, "cut", channel.cut + 1)
    taken: list[bytes] = []
    producers: list[object] = []
    request = SimpleNamespace(
        channel=channel,
        write=taken.append,
        registerProducer=lambda one, _streaming: producers.append(one),
        unregisterProducer=producers.clear,
    )
    tap = Tap(request)
    tap.write(b"1")
    tap.pauseProducing()
    for _ in range(PATIENCE - 1):
        tap.write(b"2")
    assert 0 == channel.cut
    tap.resumeProducing()
    tap.write(b"3")
    assert [b"1", b"3"] == taken
    tap.stopProducing()
    for _ in range(PATIENCE + 5):
        tap.write(b"4")
    assert 1 == channel.cut
    tap.close()
    assert [] == producers
    request.channel = None
    tap.close()


def test_events() -> None:
    """
    A line of data for each line of markup.
    """
    assert b"id: 1500\nevent: shown\ndata: a\ndata: b\n\n" == event("a\nb", 1.5)
