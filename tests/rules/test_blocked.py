"""
Blocked numbers: scopes, ends, lifting, and what an opt-out does not stop.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.rules.blocked import ALL, BY_PAGE, BY_REPLY, Block, Blocked, scopes_of

NUMBER, OTHER, NOW = "13800138000", "13800138001", 1_800_000_000.0
HIS = scopes_of("his", ["outpatient", "main"], "notice")


def _of(*blocks: Block) -> Blocked:
    return Blocked().with_changes(blocks)


@pytest.mark.parametrize(
    ("scope", "stops"),
    [
        (ALL, True),
        ("account:his", True),
        ("department:main", True),
        ("category:notice", True),
        ("account:lis", False),
        ("department:laboratory", False),
        ("category:marketing", False),
    ],
)
def test_a_scope_stops_what_is_in_it(scope: str, stops: bool) -> None:
    """
    An account, a department with all below it, a category, or everything.
    """
    found = _of(Block(NUMBER, scope)).scope_of(NUMBER, HIS, "notice", NOW)
    assert (scope if stops else "") == found


def test_others_are_not_stopped() -> None:
    """
    Another number goes through.
    """
    assert _of(Block(NUMBER)).scope_of(OTHER, HIS, "notice", NOW) == ""


def test_a_block_ends() -> None:
    """
    At its time it is over.
    """
    blocked = _of(Block(NUMBER, until=NOW))
    assert ALL == blocked.scope_of(NUMBER, HIS, "notice", NOW - 1)
    assert blocked.scope_of(NUMBER, HIS, "notice", NOW) == ""


@pytest.mark.parametrize("category", ["critical", "otp"])
def test_an_opt_out_spares_what_cannot_wait(category: str) -> None:
    """
    A critical value and a code that was asked for reach who replied TD; an
    operator's block stops these too.
    """
    replied = _of(Block(NUMBER, "account:his", source=BY_REPLY))
    assert replied.scope_of(NUMBER, HIS, category, NOW) == ""
    assert "account:his" == replied.scope_of(NUMBER, HIS, "report", NOW)
    assert ALL == _of(Block(NUMBER)).scope_of(NUMBER, HIS, category, NOW)


def test_a_lifted_block_is_gone() -> None:
    """
    Lifting one scope leaves the others.
    """
    blocked = _of(Block(NUMBER), Block(NUMBER, "account:his"))
    lifted = blocked.with_changes([Block(NUMBER, active=False)])
    assert "account:his" == lifted.scope_of(NUMBER, HIS, "notice", NOW)
    free = lifted.with_changes([Block(NUMBER, "account:his", active=False)])
    assert (0, False) == (len(free), NUMBER in free)


@given(
    st.lists(
        st.builds(
            Block,
            st.sampled_from([NUMBER, OTHER]),
            st.sampled_from([ALL, "account:his"]),
            active=st.booleans(),
        )
    )
)
def test_the_newest_word_counts(changes: list[Block]) -> None:
    """
    Changes one by one or all at once come to the same.
    """
    state = {(one.number, one.scope): one.active for one in changes}
    stepwise = Blocked()
    for change in changes:
        stepwise = stepwise.with_changes([change])
    assert stepwise == Blocked().with_changes(changes)
    for number in (NUMBER, OTHER):
        wanted = any(active for (one, _), active in state.items() if one == number)
        assert wanted == (number in stepwise)


def test_opted_out_on_a_page() -> None:
    """
    It spares what cannot wait, as a reply does.
    """
    blocked = Blocked().with_changes([Block("13800138000", source=BY_PAGE)])
    scopes = scopes_of("his", (), "notice")
    assert blocked.scope_of("13800138000", scopes, "notice", 0.0) == ALL
    assert blocked.scope_of("13800138000", scopes, "critical", 0.0) == ""
