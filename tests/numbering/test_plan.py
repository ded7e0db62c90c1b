"""
Tests of L{smsgw.numbering.plan}.
"""

from hypothesis import given
from hypothesis import strategies as st

from smsgw.numbering import carriers
from smsgw.numbering.plan import NumberPlan
from smsgw.numbering.ported import Ported, PortedNumber
from smsgw.numbering.regions import Region, Regions

NUMBER = "13800138000"
CARRIERS = ("mobile", "unicom", "telecom", "broadnet")

# Around segments of three, four and five digits, and outside of them.
heads = st.sampled_from(
    ["138", "1340", "1348", "13492", "1349", "1700", "1709", "17405", "1749", "154"]
)
numbers = st.builds(
    lambda head, rest: (head + rest)[:11],
    heads,
    st.from_regex(r"[01]{8}", fullmatch=True),
)
rows = st.tuples(
    numbers.map(lambda number: number[:7]),
    st.just("浙江"),
    st.just("杭州"),
    st.sampled_from(["", *CARRIERS]),
)
moved = st.builds(PortedNumber, numbers, st.sampled_from(CARRIERS))


def reference(table: list[Region], own: list[PortedNumber], number: str) -> str:
    """
    The carrier by the longest prefix, a whole number being the longest.
    """
    known = {
        prefix: carrier
        for carrier, _, prefixes in carriers._ROWS
        for prefix in prefixes.split()
    }
    named = {prefix: carrier for prefix, _, _, carrier in table if carrier}
    known |= named | {one.number: one.carrier for one in own}
    for length in range(len(number), 0, -1):
        if number[:length] in known:
            return known[number[:length]]
    return "unknown"


@given(
    st.lists(rows, unique_by=lambda row: row[0]),
    st.lists(moved),
    st.lists(numbers, min_size=1),
)
def test_the_longest_prefix_decides(
    table: list[Region], own: list[PortedNumber], some: list[str]
) -> None:
    """
    Number, list of regions, segment: as a slow search in one table of all.
    """
    plan = NumberPlan(Regions.of(table), Ported.of(own))
    for number in [*some, *(one.number for one in own)]:
        assert reference(table, own, number) == plan.carrier_of(number)


def test_without_lists_the_segments_decide() -> None:
    """
    Unknown stays unknown.
    """
    plan = NumberPlan()
    assert "mobile" == plan.carrier_of(NUMBER)
    assert "unknown" == plan.carrier_of("15400138000")
    assert "unknown" == plan.region_of(NUMBER)
    assert ["normal", "mvno", "unknown"] == [
        plan.kind_of(one) for one in (NUMBER, "16500138000", "15400138000")
    ]


def test_a_short_value_has_no_carrier_of_a_list() -> None:
    """
    Seven digits of a listed prefix are not a number.
    """
    plan = NumberPlan(Regions.of([("1540013", "浙江", "杭州", "telecom")]))
    assert "unknown" == plan.carrier_of("1540013")
    assert "telecom" == plan.carrier_of("15400138000")


def test_a_plan_follows_changes() -> None:
    """
    A change makes a new plan with the same regions; the old one stays.
    """
    plan = NumberPlan(Regions.of([("1380013", "浙江", "杭州", "")]))
    newer = plan.with_ported([PortedNumber(NUMBER, "unicom")])
    assert "unicom" == newer.carrier_of(NUMBER)
    assert "浙江/杭州" == newer.region_of(NUMBER)
    assert "mobile" == plan.carrier_of(NUMBER)
    back = newer.with_ported([PortedNumber(NUMBER, "unicom", active=False)])
    assert "mobile" == back.carrier_of(NUMBER)
