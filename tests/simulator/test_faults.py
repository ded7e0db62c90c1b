"""
Fault switches are checked and counted.
"""

import pytest

from smsgw.simulator.faults import Faults


def test_counted_faults_run_out() -> None:
    """
    So many times, then no more.
    """
    faults = Faults()
    faults.set(busy=2, slow=1)

    assert [True, True, False] == [faults.use("busy") for _ in range(3)]
    assert 1 == faults.slow


@pytest.mark.parametrize("switches", [{"wet": True}, {"busy": "x"}, {"deaf": 1}])
def test_bad_switches_change_nothing(switches: dict[str, int]) -> None:
    """
    Unknown or ill-typed ones are refused, the good beside them too.
    """
    faults = Faults()
    with pytest.raises(ValueError, match=next(iter(switches))):
        faults.set(lose=3, **switches)

    assert 0 == faults.lose


def test_calm_is_when_nothing_is_on() -> None:
    """
    Also after the last counted one struck.
    """
    faults = Faults()
    assert faults.calm
    faults.set(lose=1)
    assert not faults.calm
    faults.use("lose")
    assert faults.calm
    assert {"lose", "deaf", "glue"} < set(faults.told())


def test_a_refusal_is_a_code_or_a_word() -> None:
    """
    Words are those that every protocol has a code for.
    """
    faults = Faults()
    faults.set(refuse="busy")
    faults.set(refuse="9")
    with pytest.raises(ValueError, match="connections"):
        faults.set(refuse="mood")

    assert "9" == faults.refuse
