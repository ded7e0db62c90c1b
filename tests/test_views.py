"""
What readers see has the fields that doors render.
"""

import msgspec

from smsgw.views import EventView, MessageView, Search, Step


def test_views_are_json() -> None:
    """Every view can be written as JSON without further help."""
    message = MessageView(
        "id", "b", "his", "13800138000", "您好", "report", "queued", 1
    )
    event = EventView(1, "e", "message.delivered", "id", 1.0, {})

    assert b"\xe6\x82\xa8" in msgspec.json.encode([message, event, Step(1.0, "final")])


def test_empty_search_matches_all() -> None:
    """A search without fields sets no condition."""
    assert Search() == Search(client_ref="", to="", since=0.0)
