"""
The kinds' declarations fit their classes.
"""

import attrs
import pytest

from smsgw.admin.kinds import KINDS, Kind, kind_at

HIDDEN = {
    "channels": {"vendor", "secrets"},
    "credentials": {"secrets", "bearer_hash"},
    "schedules": {"signature"},
}


@pytest.mark.parametrize("kind", KINDS, ids=lambda one: one.place)
def test_every_field_is_shown(kind: Kind) -> None:
    """
    But for the few that have pages of their own.
    """
    names = {field.name for field in attrs.fields(kind.cls)}
    shown = {field.name for field in kind.fields}
    assert names == shown | HIDDEN.get(kind.place, set())
    assert set(kind.columns) <= shown
    assert all(all(field.words) for field in kind.fields)
    assert kind_at(kind.place) is kind
