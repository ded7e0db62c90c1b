"""
The rulebook answers from what was compiled.
"""

from smsgw.directory import Account, Department, Directory
from smsgw.rules.blocked import ALL, Block, Blocked
from smsgw.rules.book import Lists, Rulebook

NUMBER, NOW = "13800138000", 1_800_000_000.0
DIRECTORY = Directory(
    departments={
        "main": Department("main", "本部"),
        "outpatient": Department("outpatient", "门诊部", "main"),
        "a": Department("a", "甲", "b"),
        "b": Department("b", "乙", "a"),
    },
    accounts={
        "his": Account("his", "预约", "outpatient"),
        "odd": Account("odd", "循环", "a"),
        "free": Account("free", "无科室"),
    },
)


def test_departments_up_to_the_campus() -> None:
    """
    From an account's own to the top; a circle ends.
    """
    book = Rulebook.of(DIRECTORY)
    told = {name: book.chain_of(one) for name, one in DIRECTORY.accounts.items()}
    wanted = {"his": ("outpatient", "main"), "odd": ("a", "b"), "free": ()}
    assert wanted == told


def test_a_campus_blocks_for_all_below() -> None:
    """
    What is blocked for a department is blocked for every account under it.
    """
    blocked = Blocked().with_changes([Block(NUMBER, "department:main")])
    book = Rulebook.of(DIRECTORY, Lists(blocked))
    assert "department:main" == book.blocked_for(NUMBER, "his", "notice", NOW)
    assert book.blocked_for(NUMBER, "free", "notice", NOW) == ""
    assert book.blocked_for("13900139000", "his", "notice", NOW) == ""


def test_an_unknown_account_meets_the_blocks_of_all() -> None:
    """
    A message whose account is gone is still stopped by a block for all.
    """
    book = Rulebook.of(DIRECTORY, Lists(Blocked().with_changes([Block(NUMBER)])))
    assert ALL == book.blocked_for(NUMBER, "gone", "notice", NOW)
