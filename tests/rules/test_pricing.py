"""
The most specific price counts, and enough is set aside.
"""

from hypothesis import given
from hypothesis import strategies as st

from smsgw.directory import Price
from smsgw.rules.pricing import PriceList

CHAINS = {"his": ("outpatient", "main"), "lis": ("laboratory", "main")}


def listed(*prices: Price) -> PriceList:
    """
    A price list of a small hospital.
    """
    return PriceList.of(prices, CHAINS)


def test_no_price_is_free() -> None:
    """
    Nothing is charged for what has no price, or one switched off.
    """
    off = Price("off", 900, active=False)
    assert 0 == listed(off).price("his", "cmcc", "mobile", "notice")


def test_the_nearest_counts() -> None:
    """
    Account, own department, campus, all.
    """
    rows = [
        Price("all", 500),
        Price("main", 450, department="main"),
        Price("outpatient", 400, department="outpatient"),
        Price("his", 350, account="his"),
    ]
    told = [listed(*rows[: count + 1]) for count in range(4)]
    assert [500, 450, 400, 350] == [
        one.price("his", "cmcc", "mobile", "notice") for one in told
    ]
    assert 450 == told[3].price("lis", "cmcc", "mobile", "notice")


def test_channel_carrier_and_category() -> None:
    """
    A channel's price comes before a carrier's, that before a category's.
    """
    some = listed(
        Price("all", 500),
        Price("bulk", 300, category="bulk"),
        Price("unicom", 520, carrier="unicom"),
        Price("spare", 800, channel="spare"),
    )
    assert 300 == some.price("his", "cmcc", "mobile", "bulk")
    assert 520 == some.price("his", "cucc", "unicom", "bulk")
    assert 800 == some.price("his", "spare", "unicom", "bulk")


prices = st.lists(
    st.builds(
        Price,
        st.uuids().map(str),
        st.integers(0, 2000),
        st.sampled_from(["", "his", "lis"]),
        st.sampled_from(["", "main", "outpatient"]),
        st.sampled_from(["", "cmcc", "spare"]),
        st.sampled_from(["", "mobile"]),
        st.sampled_from(["", "bulk"]),
    ),
    max_size=12,
)


@given(prices, st.permutations(range(12)))
def test_enough_is_set_aside_and_order_does_not_matter(
    rows: list[Price], order: list[int]
) -> None:
    """
    No channel costs more than was reserved; the rows' order changes nothing.
    """
    first = listed(*rows)
    other = listed(*(rows[place] for place in order if place < len(rows)))
    for channel in ("cmcc", "spare", "new"):
        price = first.price("his", channel, "mobile", "bulk")
        assert price <= first.most("his", "mobile", "bulk")
        assert price == other.price("his", channel, "mobile", "bulk")
