"""
Rights: what a role allows, and whose data it shows.
"""

import attrs
import pytest

from smsgw.admin.rights import ADMINISTRATOR, PERMISSIONS, Visitor, accounts_seen
from smsgw.directory import Person, Role
from tests.support.console import HOSPITAL

ZHANG = HOSPITAL.people["zhang"]


@pytest.mark.parametrize(
    ("scope", "department", "seen"),
    [
        ("all", "ward", None),
        ("own", "main", {"ward"}),
        ("department", "binhai", {"ward"}),
        ("department", "main", {"his", "ward"}),
        ("department", "nowhere", {"ward"}),
        ("something else", "main", {"ward"}),
    ],
)
def test_scope(scope: str, department: str, seen: set[str] | None) -> None:
    """
    A department sees itself and what is below it; a person always their account.
    """
    person = attrs.evolve(ZHANG, department=department)
    visitor = Visitor(person, Role("r", "r", (), scope))
    assert seen == accounts_seen(visitor, HOSPITAL)


def test_permissions() -> None:
    """
    Deny unless it is named; the administrator may everything.
    """
    visitor = Visitor(ZHANG, Role("r", "r", ("send",)))
    assert visitor.may("send")
    assert visitor.may("")
    assert not visitor.may("channels")
    nobody = Visitor(Person("x", "x", "", ""), Role("r", "r"))
    assert not [one for one in PERMISSIONS if nobody.may(one)]
    admin = Visitor(ZHANG, ADMINISTRATOR)
    assert all(admin.may(one) for one in PERMISSIONS)
