"""
Rates between looks.
"""

from smsgw.admin.pulse import KEPT, Pulse
from smsgw.admin.status import Status


def status(accepted: float, **depths: float) -> Status:
    """
    One look.
    """
    return Status("n", {}, depths, {"accepted": accepted, "ended.x": accepted / 2})


def test_rates() -> None:
    """
    Per second; a counter that went back counts as nothing.
    """
    pulse = Pulse()
    assert (0.0, 0, ()) == (pulse.rate("accepted"), pulse.waiting("x"), pulse.channels)
    pulse.beat(status(100), 10.0)
    assert 0.0 == pulse.rate("accepted")
    pulse.beat(status(300), 12.0)
    assert (100.0, 50.0) == (pulse.rate("accepted"), pulse.rate("ended"))
    pulse.beat(status(0), 14.0)
    assert 0.0 == pulse.rate("accepted")
    assert [12.0, 14.0] == [at for at, _, _ in pulse.past]


def test_the_past_is_bounded() -> None:
    """
    Some minutes, no more.
    """
    pulse = Pulse()
    for at in range(KEPT * 2):
        pulse.beat(status(at), float(at))
    assert KEPT == len(pulse.past)
