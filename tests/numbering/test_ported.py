"""
Tests of L{smsgw.numbering.ported}.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.numbering.ported import (
    LEARNED,
    LOADED,
    SET,
    Evidence,
    Ported,
    PortedNumber,
    learn,
    read_ported,
    yields,
)

NUMBER = "13800138000"
CARRIERS = ("mobile", "unicom", "telecom", "broadnet")

changes = st.builds(
    PortedNumber,
    st.sampled_from([f"1380013800{n}" for n in range(10)]),
    st.sampled_from(CARRIERS),
    st.sampled_from([LEARNED, LOADED, SET]),
    st.booleans(),
)
evidence = st.lists(
    st.builds(
        Evidence,
        st.sampled_from([*CARRIERS, "any"]),
        st.sampled_from(["ported", "delivered", "throttle"]),
    ),
    max_size=8,
)


def tell(*words: str) -> list[Evidence]:
    """
    Evidence from C{carrier:class}.
    """
    return [Evidence(*one.split(":")) for one in words]


def reference(steps: list[list[PortedNumber]]) -> dict[str, PortedNumber]:
    """
    The rows that stand after all steps, the slow way.
    """
    rows: dict[str, PortedNumber] = {}
    for one in [one for step in steps for one in step]:
        old = rows.get(one.number)
        if old and old.active and old.source == SET and one.source != SET:
            continue
        rows[one.number] = one
    return {number: one for number, one in rows.items() if one.active}


@given(st.lists(st.lists(changes)))
def test_increments_end_where_the_whole_list_does(
    steps: list[list[PortedNumber]],
) -> None:
    """
    However the changes are cut, the newest word counts, and none over one by hand.
    """
    ported = Ported()
    for step in steps:
        ported = ported.with_changes(step)
    wanted = reference(steps)
    assert len(wanted) == len(ported)
    for n in range(10):
        number = f"1380013800{n}"
        carrier = wanted[number].carrier if number in wanted else ""
        assert carrier == ported.carrier_of(number)


def test_changes_leave_the_old_list_as_it_was() -> None:
    """
    Who still looks into it sees no change.
    """
    before = Ported.of([PortedNumber(NUMBER, "unicom")])
    after = before.with_changes([PortedNumber(NUMBER, "telecom")])
    assert "unicom" == before.carrier_of(NUMBER)
    assert "telecom" == after.carrier_of(NUMBER)


def test_a_small_change_does_not_copy_the_list() -> None:
    """
    The long part is shared until the changes are an eighth of it.
    """
    whole = Ported.of(PortedNumber(f"138{n:08d}", "unicom") for n in range(1000))
    one = whole.with_changes([PortedNumber(NUMBER, "unicom")])
    assert one.others is whole.others
    many = one.with_changes(PortedNumber(f"139{n:08d}", "unicom") for n in range(200))
    assert {} == many.newest
    assert 1201 == len(many)


def test_only_a_hand_lifts_what_a_hand_set() -> None:
    """
    What is learned or loaded does not overrule; a hand's own word does.
    """
    assert [True, True, False, True] == [
        yields(LEARNED, LOADED),
        yields(LOADED, LEARNED),
        yields(SET, LEARNED),
        yields(SET, SET),
    ]


@pytest.mark.parametrize(
    ("held", "told", "wanted"),
    [
        ("mobile", "mobile:ported unicom:delivered", "unicom"),
        ("mobile", "mobile:ported telecom:ported unicom:delivered", "unicom"),
        ("mobile", "mobile:ported unicom:throttle unicom:delivered", "unicom"),
        ("mobile", "mobile:ported unicom:delivered unicom:delivered", "unicom"),
        ("unicom", "unicom:ported mobile:delivered", "mobile"),
        ("unicom", "mobile:ported unicom:delivered", None),
        ("mobile", "unicom:delivered", None),
        ("mobile", "unicom:delivered mobile:ported", None),
        ("mobile", "mobile:ported", None),
        ("mobile", "mobile:ported any:delivered", None),
        ("mobile", "any:ported unicom:delivered", None),
        ("mobile", "mobile:ported mobile:delivered", None),
        ("mobile", "mobile:ported unicom:delivered telecom:delivered", None),
        ("unicom", "unicom:ported", ""),
        ("unicom", "unicom:ported unicom:delivered", None),
        ("unicom", "mobile:ported unicom:delivered mobile:delivered", ""),
        ("unicom", "mobile:ported unicom:delivered telecom:delivered", ""),
        ("unicom", "telecom:delivered", None),
        ("unicom", "", None),
    ],
)
def test_learning(held: str, told: str, wanted: str | None) -> None:
    """
    A denial and another's success teach; contradictions forget; else nothing.

    C{wanted} is '' for what is forgotten, None for nothing new.
    """
    found = learn(NUMBER, held, tell(*told.split()))
    if wanted is None:
        assert found is None
    elif wanted:
        assert PortedNumber(NUMBER, wanted, LEARNED) == found
    else:
        assert PortedNumber(NUMBER, held, LEARNED, active=False) == found


@given(st.sampled_from(CARRIERS), evidence)
def test_what_is_learned_was_shown(held: str, shown: list[Evidence]) -> None:
    """
    Nothing is taught without a denial by another and a later success; nothing is
    forgotten but what was held and is not the prefix's own; and to hold what was
    taught and see the same again changes nothing.
    """
    found = learn(NUMBER, held, shown)
    if found is None:
        return
    assert found.source == LEARNED
    if not found.active:
        assert held == found.carrier != "mobile"
        return
    assert found.carrier != held
    success = max(
        n for n, one in enumerate(shown) if one == Evidence(found.carrier, "delivered")
    )
    assert any(
        one.class_ == "ported" and one.carrier not in ("any", found.carrier)
        for one in shown[:success]
    )
    assert learn(NUMBER, found.carrier, shown) is None


@pytest.mark.parametrize("number", ["16500138000", "14800138000", "17400138000"])
def test_what_cannot_be_ported_is_not_learned(number: str) -> None:
    """
    Virtual operators', things' and satellites' numbers stay where they are.
    """
    assert learn(number, "mobile", tell("mobile:ported", "unicom:delivered")) is None


def test_a_list_is_read() -> None:
    """
    Numbers in any common form, carriers by any common name.
    """
    text = "手机号,携入运营商\n+86 138-0013-8000,中国联通\n13800138001,telecom\n"
    wanted = [
        PortedNumber(NUMBER, "unicom", LOADED),
        PortedNumber("13800138001", "telecom", LOADED),
    ]
    assert (wanted, []) == read_ported(text.encode("gbk"))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("1380013,unicom", "wrong number of digits"),
        ("13800138001,", "no known carrier"),
        ("86 13800138000,telecom", "与第 2 行重复"),
    ],
)
def test_bad_lines_are_told(line: str, words: str) -> None:
    """
    By their line, without the number.
    """
    text = f"number,carrier\n{NUMBER},unicom\n{line}\n"
    good, mistakes = read_ported(text.encode())
    assert 1 == len(good)
    assert 1 == len(mistakes)
    assert mistakes[0].startswith("line 3: ")
    assert words in mistakes[0]
    assert NUMBER not in mistakes[0]


def test_every_number_can_be_told() -> None:
    """
    A copy made of what is told looks up the same.
    """
    some = Ported.of(
        [
            PortedNumber("13800138000", "unicom", SET),
            PortedNumber("13900139000", "telecom"),
        ]
    ).with_changes([PortedNumber("13900139000", "", active=False)])
    assert [PortedNumber("13800138000", "unicom", SET)] == list(some.numbers())
