"""
One too many is told apart from a repeat of the same dispatch.
"""

from unittest.mock import patch

from smsgw.directory import Account, Directory, Frequency
from smsgw.gateway import counting
from smsgw.gateway.counting import Counting
from smsgw.message import Message
from smsgw.rules.book import Rulebook
from tests.support.shards import NOW, PHONE

HIS = Account("his", "预约", duplicates=60.0)


def book(*rules: Frequency, account: Account = HIS) -> Rulebook:
    """
    With these limits.
    """
    named = {one.id: one for one in rules}
    return Rulebook.of(Directory(accounts={account.id: account}, frequencies=named))


def message(
    name: str, text: str = "甲", to: str = PHONE, category: str = "notice"
) -> Message:
    """
    One to be dispatched.
    """
    lane = {"critical": "critical", "otp": "code"}.get(category, "notice")
    return Message(
        1, name, "his", "b", category, lane, to, text, "", "", NOW, NOW + 9, 1, "g"
    )


def test_the_same_text_again_is_a_duplicate() -> None:
    """
    To the same number, within the window, by another message.
    """
    some, rules = Counting(), book()
    assert some.stop_of(rules, message("1"), NOW) is None
    assert some.stop_of(rules, message("1"), NOW) is None
    assert (4102, "60 s") == some.stop_of(rules, message("2"), NOW + 59)
    assert some.stop_of(rules, message("3", "乙"), NOW + 1) is None
    assert some.stop_of(rules, message("4", to="13900139000"), NOW + 1) is None
    assert some.stop_of(rules, message("5"), NOW + 60) is None


def test_so_many_to_a_number_within_a_time() -> None:
    """
    A window that slides; a repeated dispatch counts once.
    """
    some = Counting()
    rules = book(Frequency("few", 2, 100), account=Account("his", "预约"))
    for name, at in (("1", NOW), ("1", NOW), ("2", NOW + 50)):
        assert some.stop_of(rules, message(name), at) is None
    assert (4103, "few") == some.stop_of(rules, message("3"), NOW + 99)
    assert some.stop_of(rules, message("2"), NOW + 99) is None
    assert some.stop_of(rules, message("3"), NOW + 100) is None
    assert (4103, "few") == some.stop_of(rules, message("4"), NOW + 149)


def test_a_rule_is_for_its_account_and_category() -> None:
    """
    One for all spares critical values; one that names them does not.
    """
    some = Counting()
    rules = book(
        Frequency("all", 0, 100),
        Frequency("lis", 0, 100, account="lis"),
        Frequency("otp", 0, 100, category="otp"),
        account=Account("his", "预约"),
    )
    assert (4103, "all") == some.stop_of(rules, message("1"), NOW)
    assert (4103, "all") == some.stop_of(rules, message("2", category="otp"), NOW)
    assert some.stop_of(rules, message("3", category="critical"), NOW) is None


def test_old_marks_are_forgotten() -> None:
    """
    Memory stays bounded.
    """
    some, rules = Counting(), book(Frequency("few", 2, 100))
    with patch.object(counting, "SWEEP", 2):
        some.stop_of(rules, message("1"), NOW)
        some.stop_of(rules, message("2", to="13900139000"), NOW + 40 * 86400)
    assert (1, 1) == (len(some._texts), len(some._sent))
