"""
Tests of L{smsgw.gateway.pouring}.
"""

from hypothesis import given
from hypothesis import strategies as st

from smsgw.gateway.pouring import Cup, fill


@given(
    st.integers(0, 300),
    st.lists(
        st.builds(
            Cup,
            st.floats(0, 2000),
            st.floats(0.01, 1.0),
            st.integers(0, 100),
        ),
        min_size=1,
        max_size=5,
    ),
)
def test_filling(wanted: int, cups: list[Cup]) -> None:
    """
    All that is wanted and fits is given, and no one could give to a lower one.
    """
    given_ = fill(wanted, cups)

    assert min(wanted, sum(cup.most for cup in cups)) == sum(given_)
    assert all(0 <= n <= cup.most for n, cup in zip(given_, cups, strict=True))
    ends = [cup.level + n / cup.share for n, cup in zip(given_, cups, strict=True)]
    takers = [
        end - 1.001 / cup.share
        for end, cup, n in zip(ends, cups, given_, strict=True)
        if n
    ]
    open_ = [
        end + 1.001 / cup.share
        for end, cup, n in zip(ends, cups, given_, strict=True)
        if n < cup.most
    ]
    assert not takers or not open_ or max(takers) <= min(open_) + 1e-6


def test_the_lowest_first() -> None:
    """
    Up to the level of the next, then by shares; what is full leaves the rest.
    """
    cups = [Cup(0.0, 0.5, 100), Cup(20.0, 0.5, 100)]

    assert [1, 0] == fill(1, cups)
    assert [10, 0] == fill(10, cups)
    assert [25, 15] == fill(40, cups)
    assert [100, 100] == fill(500, cups)
    assert [4, 36] == fill(40, [Cup(0.0, 0.5, 4), cups[1]])
