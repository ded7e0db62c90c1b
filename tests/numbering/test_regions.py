"""
Tests of L{smsgw.numbering.regions}.
"""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.numbering.regions import UNKNOWN, Region, Regions, read_regions

HANGZHOU: Region = ("1380013", "浙江", "杭州", "")
HEAD = "号段,省份,城市,运营商\n"

# Few prefixes, so that numbers often have one.
prefixes = st.from_regex(r"1[39][01]0[01]0[01]", fullmatch=True)
rows = st.tuples(
    prefixes,
    st.sampled_from(["浙江", "上海", "内蒙古"]),
    st.sampled_from(["", "杭州", "上海"]),
    st.just(""),
)
numbers = st.builds("{}{}".format, prefixes, st.from_regex(r"[0-9]{4}", fullmatch=True))


def reference(table: list[Region], number: str) -> str:
    """
    The region by the longest prefix, the slow way.
    """
    found = {
        prefix: province + (f"/{city}" if city else "")
        for prefix, province, city, _ in table
    }
    for length in range(len(number), 0, -1):
        if number[:length] in found:
            return found[number[:length]]
    return UNKNOWN


@given(st.lists(rows), st.lists(numbers))
def test_it_finds_what_a_slow_search_finds(
    table: list[Region], some: list[str]
) -> None:
    """
    Any table, any number: the same region, and the prefixes counted.
    """
    regions = Regions.of(table)
    assert len({row[0] for row in table}) == len(regions)
    for number in some:
        assert reference(table, number) == regions.region_of(number)


@pytest.mark.parametrize(
    "number",
    ["", "1", "1380013", "138001380001", "03800138000", "1-800138000", "1380013²000"],
)
def test_what_is_no_number_has_no_region(number: str) -> None:
    """
    Strange values neither match nor raise.
    """
    regions = Regions.of([HANGZHOU, ("1999999", "上海", "上海", "")])
    assert UNKNOWN == regions.region_of(number)


def test_without_a_list_all_is_unknown() -> None:
    """
    An empty table works.
    """
    assert UNKNOWN == Regions().region_of("13800138000")
    assert 0 == len(Regions())


def test_a_carrier_is_kept_where_it_is_news() -> None:
    """
    A carrier that the segment tells anyway costs nothing.
    """
    table: list[Region] = [
        ("1380013", "浙江", "杭州", "mobile"),
        ("1540013", "浙江", "杭州", "telecom"),
    ]
    assert {"1540013": "telecom"} == Regions.of(table).carriers


def test_more_names_than_two_octets_count() -> None:
    """
    A list that names each prefix differently is right, too.
    """
    table = [(f"13{n:05d}", "省", str(n), "") for n in range(70_000)]
    regions = Regions.of(table)
    for n in (0, 65_534, 65_535, 65_536, 69_999):
        assert f"省/{n}" == regions.region_of(f"13{n:05d}0000")


def test_a_long_list_is_small() -> None:
    """
    Two octets for each prefix there can be, and every name once.
    """
    whole = range(1_300_000, 1_330_000)
    tracemalloc.start()
    try:
        regions = Regions.of((str(n), "省", str(n % 400), "") for n in whole)
        size, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 30_000 == len(regions)
    assert size < 2_200_000


def test_a_list_is_read() -> None:
    """
    Columns in any order; names of provinces and cities in their short form.
    """
    text = (
        "城市,号段,区号,省份,运营商\n"
        "杭州市,1380013,0571,浙江省,中国移动\n"
        "上海,1300000,021,上海市,\n"
        "南宁市,1890771,0771,广西壮族自治区,虚拟/电信\n"
        "沙市,1890772,,湖北,电信\n"
    )
    wanted = [
        ("1380013", "浙江", "杭州", "mobile"),
        ("1300000", "上海", "上海", ""),
        ("1890771", "广西", "南宁", "telecom"),
        ("1890772", "湖北", "沙市", "telecom"),
    ]
    assert (wanted, []) == read_regions(text.encode("gbk"))


def test_english_names_and_few_columns() -> None:
    """
    City and carrier may be missing.
    """
    text = b"prefix,province\n1380013,Zhejiang\n"
    assert ([("1380013", "Zhejiang", "", "")], []) == read_regions(text)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("138001,浙江,杭州,", "a prefix has 7 digits: 138001"),
        ("1200000,浙江,杭州,", "a prefix has 7 digits"),
        ("1380014,,杭州,", "no province"),
        ("1380014,浙江,杭州,铁通", "no known carrier: 铁通"),
        ("1380013,浙江,宁波,", "与第 2 行重复"),
        ("1380014", "too few columns"),
    ],
)
def test_bad_lines_are_told(line: str, words: str) -> None:
    """
    Each with its number and what is wrong; good lines are still looked at.
    """
    text = f"{HEAD}1380013,浙江,杭州,\n{line}\n1380015,浙江,杭州,\n"
    good, mistakes = read_regions(text.encode())
    assert ["1380013", "1380015"] == [row[0] for row in good]
    assert 1 == len(mistakes)
    assert mistakes[0].startswith("line 3: ")
    assert words in mistakes[0]


@given(st.binary(max_size=200))
def test_no_octets_break_the_reader(octets: bytes) -> None:
    """
    Whatever a file holds, rows are good or mistakes are told.
    """
    good, mistakes = read_regions(HEAD.encode() + octets)
    Regions.of(good)
    assert all(isinstance(words, str) for words in mistakes)
