"""
Tests of L{smsgw.rules.routing}.
"""

from smsgw.directory import Channel, Directory, Group, Rule, Share
from smsgw.rules.routing import Decision, route


def _channel(name: str, active: bool = True) -> Channel:
    return Channel(
        name, name, "mobile", "cmpp", "tcp:127.0.0.1:7890", "901234", "", active=active
    )


_DIRECTORY = Directory(
    channels={
        "one": _channel("one"),
        "two": _channel("two"),
        "off": _channel("off", active=False),
        "spare": _channel("spare"),
    },
    groups={
        "main": Group("main", (Share("one", 1), Share("two", 3)), ("spare", "one")),
        "dark": Group("dark", (Share("off"), Share("gone"))),
    },
    rules=(
        Rule("r1", 1, "main", account="his", carrier="unicom"),
        Rule("r2", 2, "main", category="bulk"),
        Rule("r3", 3, "dark", carrier="mobile"),
        Rule("r4", 4, "nowhere", carrier="mobile"),
        Rule("r5", 5, "main", carrier="mobile"),
    ),
)


def test_first_match() -> None:
    """
    The first rule that fits chooses; heavy primaries first, backups last, once.
    """
    assert Decision("main", ("two", "one", "spare"), "r1 -> main", ()) == route(
        _DIRECTORY, "his", "unicom", "bulk"
    )


def test_explanation() -> None:
    """
    Each rule that did not choose says why, a group that is off is passed over.
    """
    decision = route(_DIRECTORY, "lis", "mobile", "otp")
    assert ("main", "r5 -> main") == (decision.group, decision.why)
    assert (
        "r1: account lis is not his",
        "r2: category otp is not bulk",
        "r3: no channel of dark is on",
        "r4: no channel of nowhere is on",
    ) == decision.tried


def test_none() -> None:
    """
    Without a rule there is no group, and all that was tried is told.
    """
    decision = route(_DIRECTORY, "lis", "telecom", "otp")
    assert ("", (), "no rule", 5) == (
        decision.group,
        decision.channels,
        decision.why,
        len(decision.tried),
    )
    assert Decision("", (), "no rule") == route(Directory(), "lis", "", "")
