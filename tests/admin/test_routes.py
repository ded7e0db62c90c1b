"""
The table of contents is sound.
"""

from collections import Counter

from smsgw.admin.frame import GROUPS
from smsgw.admin.rights import PERMISSIONS
from smsgw.admin.routes import ROUTES


def test_each_route_is_there_once() -> None:
    """
    With a permission that exists, and a place in the menu that does.
    """
    count = Counter((one.method, one.path) for one in ROUTES)
    assert [] == [one for one, many in count.items() if many > 1]
    assert {one.permission for one in ROUTES} <= {"", *PERMISSIONS}
    assert {one.menu.group for one in ROUTES if one.menu} <= GROUPS.keys()
    assert {"GET", "POST"} >= {one.method for one in ROUTES}
