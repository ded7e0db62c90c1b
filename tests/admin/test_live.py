"""
Live pages: one look for all, each in their language, none when nobody watches.
"""

from types import SimpleNamespace

from twisted.internet.task import Clock

from smsgw.admin.live import EACH, PATIENCE, Live, Tap, event
from smsgw.tasks import SystemClock


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
    assert [event("zh 1"), event("zh 2")] == one
    assert [event("en 2")] == two
    assert 2 == live.watching
    leave_one()
    leave_two()
    clock.advance(EACH)
    clock.advance(EACH)
    assert 2 == looks[0]
    live.watch(one.append, "zh")()
    assert not live.watching


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
    assert b"event: shown\ndata: a\ndata: b\n\n" == event("a\nb")
