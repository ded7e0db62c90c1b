"""
Everything that is wrong with a directory's rules is told at once.
"""

import pytest

from smsgw.directory import (
    Account,
    Directory,
    Frequency,
    Group,
    Keyword,
    Price,
    RetryRule,
    Role,
    Rule,
    SendWindow,
    Share,
    Signature,
    Template,
)
from smsgw.rules.mistakes import mistakes_of

GOOD = Directory(
    accounts={"a": Account("a", "甲", category="auto", billing="prepaid")},
    groups={"g": Group("g", (Share("c", 1, 500),))},
    signatures={"s": Signature("s", "示范医院")},
    templates={"t": Template("t", "t", "{姓名}您好")},
    rules=(Rule("r", 1, "g", hours="08:00-20:00", text="加急"),),
    retries=(RetryRule("x", 1, "later", after=60),),
    prices={"p": Price("p", 450, category="otp")},
    keywords={"k": Keyword("k", ("TD",), "opt_out")},
    frequencies={"f": Frequency("f", 5, 3600)},
    windows={"w": SendWindow("w", "08:00-21:00", "1-5")},
    roles={"o": Role("o", "运维", scope="all")},
)


def test_nothing_is_wrong() -> None:
    """
    With one good object of each kind.
    """
    assert [] == list(mistakes_of(GOOD))


@pytest.mark.parametrize(
    ("directory", "table"),
    [
        (Directory(accounts={"a": Account("a", "", category="spam")}), "accounts"),
        (Directory(accounts={"a": Account("a", "", billing="later")}), "accounts"),
        (Directory(accounts={"a": Account("a", "", per_day=-1)}), "accounts"),
        (Directory(signatures={"a": Signature("a", "【")}), "signatures"),
        (Directory(groups={"a": Group("a", (Share("c", 1, -1),))}), "groups"),
        (Directory(templates={"a": Template("a", "", "{")}), "templates"),
        (Directory(rules=(Rule("a", 1, "g", text="("),)), "rules"),
        (Directory(retries=(RetryRule("a", 1, "again"),)), "retries"),
        (Directory(retries=(RetryRule("a", 1, "same", tries=0),)), "retries"),
        (Directory(prices={"a": Price("a", -1)}), "prices"),
        (Directory(prices={"a": Price("a", 1, category="x")}), "prices"),
        (Directory(keywords={"a": Keyword("a", (), "confirm")}), "keywords"),
        (Directory(keywords={"a": Keyword("a", ("！",), "confirm")}), "keywords"),
        (Directory(keywords={"a": Keyword("a", ("1",), "do")}), "keywords"),
        (Directory(frequencies={"a": Frequency("a", 1, 0)}), "frequencies"),
        (Directory(windows={"a": SendWindow("a", "8-20")}), "windows"),
        (Directory(roles={"a": Role("a", "", scope="some")}), "roles"),
    ],
)
def test_each_kind_is_looked_at(directory: Directory, table: str) -> None:
    """
    The table and the object are named.
    """
    assert (table, "a") in {(place, name) for place, name, _ in mistakes_of(directory)}
