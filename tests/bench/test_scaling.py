"""
Tests for L{bench.scaling}.
"""

from bench.scaling import growths, ratio


def test_the_largest_is_compared_with_the_smallest() -> None:
    """
    All processes together; nothing measured is no growth.
    """
    sizes = {"0": {"a": 10.0, "b": 10.0}, "5": {"a": 99.0}, "9": {"a": 15.0, "b": 10.0}}
    assert 1.25 == ratio(sizes)
    assert 0.0 == ratio({"0": {"a": 0.0}, "9": {"a": 1.0}})


def test_all_that_may_not_make_a_message_dearer() -> None:
    """
    Three sizes of each, ascending, up to what the design promises.
    """
    found = growths(1_000_000)
    assert {"backlog", "history", "channels", "accounts", "rules"} == set(found)
    assert all(sorted(one.sizes) == list(one.sizes) for one in found.values())
    assert (1_000_000, 100, 2500, 200) == tuple(
        found[name].sizes[-1] for name in ("backlog", "channels", "accounts", "rules")
    )
