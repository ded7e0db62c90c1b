"""
Tests for L{bench.scenarios}.
"""

from functools import partial

from bench.scenarios import SCENARIOS, words_of
from bench.staging import ruled


def test_every_scenario_says_what_it_is() -> None:
    """
    In words, for the list.
    """
    assert dict.fromkeys(SCENARIOS, True) == {
        name: len(words_of(one)) > 20 for name, one in SCENARIOS.items()
    }


def test_what_is_on_is_said_too() -> None:
    """
    Rules, protocols.
    """

    def send(*_: str) -> dict[str, object]:
        """
        It sends.  Not said.
        """
        return {}

    scenario = partial(ruled, partial(send, "cmpp", "smgp"))
    assert "It sends [with rules cmpp, smgp]" == words_of(scenario)
