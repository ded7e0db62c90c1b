"""
Visits and replies as values.
"""

from smsgw.admin.page import Moved, Visit
from smsgw.admin.rights import Visitor
from tests.support.console import HOSPITAL, House


def test_moved_tells() -> None:
    """
    What is told travels in the address, escaped.
    """
    assert Moved("/a").address == "/a"
    assert Moved("/a", "好 & 了").address.startswith("/a?told=%E5%A5%BD+%26")
    assert Moved("/a?b=1", "x", "danger").address == "/a?b=1&told=x&kind=danger"


def test_a_visit(house: House) -> None:
    """
    Numbers are bounded, words follow the language, the scope the role.
    """
    visitor = Visitor(HOSPITAL.people["zhang"], HOSPITAL.roles["sender"])
    query = {"page": "7", "bad": "x", "huge": "9999"}
    visit = Visit(house.desk, visitor, "en", 0.0, query=query)
    numbers = [visit.number(one, 1, 100) for one in ("page", "bad", "huge", "none")]
    assert [7, 1, 100, 1] == numbers
    assert visit.say("中", "en") == "en"
    assert visit.accounts == {"ward"}
    assert visit.who == "zhang"
    assert visit.may("send")
    assert not visit.may("channels")
