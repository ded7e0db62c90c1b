"""
What follows a carrier's refusal, or a receipt that says it failed: a table.

The operator's rows come first, in their order; what none of them is about is
decided as below. Classes are those of the carrier code tables (cmpp.md 10.4).
Nothing here can go round and round: attempts are counted, or their waits grow.
"""

import math
from collections.abc import Iterable

import attrs

from smsgw.directory import RetryRule, in_order
from smsgw.protocols.codes import CLASSES
from smsgw.rules.classify import CATEGORIES, lane_of

__all__ = ["ACTIONS", "Again", "RetryTable", "Stop", "wrong_in"]

ACTIONS = ("same", "other", "later", "void")


@attrs.frozen
class Again:
    """
    Another attempt after so many seconds; C{elsewhere}: not by the same channel.

    C{rule} is the row that says so, '' for what is usual.
    """

    after: float
    elsewhere: bool = False
    rule: str = ""


@attrs.frozen
class Stop:
    """
    It is final; C{why} is the class that made it so, or C{tries}, C{validity},
    C{channels} (none is left) or C{void}.
    """

    why: str
    rule: str = ""


_THROTTLED_MOST = 30.0
_LATER_LEAST = 60.0
_TRIES = 3
_RECEIPT_TRIES = 2
_RESENT = frozenset({"carrier_fault", "ported"})
_NEVER_RESENT = "bulk"
# Seconds before the second attempt after a fault inside the network.
_FIRST_WAIT = {"critical": 0.0, "code": 0.0, "notice": 30.0, "bulk": 60.0}
_NEXT_WAIT = {"critical": 2.0, "code": 2.0, "notice": 120.0, "bulk": 300.0}


@attrs.frozen
class RetryTable:
    """
    The rows that are in use, in order.
    """

    rows: tuple[RetryRule, ...] = ()

    @classmethod
    def of(cls, rules: Iterable[RetryRule]) -> "RetryTable":
        """
        From the directory's rows; one that cannot be followed is left out.
        """
        usable = (rule for rule in rules if rule.active and not wrong_in(rule))
        return cls(in_order(usable))

    def decide(
        self,
        class_: str,
        code: str,
        channel: str,
        category: str,
        attempt: int,
        others: bool = True,
        left: float | None = None,
        receipt: bool = False,
    ) -> Again | Stop:
        """
        The decision after attempt number C{attempt} (from 1).

        C{others}: another channel of the group could take it. C{left} are the
        seconds of its validity that remain, if known. C{receipt}: the carrier had
        taken it and told later that it failed.
        """
        rule = self._first(class_, code, channel, category)
        if rule is not None:
            decision = _ruled(rule, attempt, others)
        elif receipt:
            decision = _reported(class_, category, attempt, others)
        else:
            decision = _refused(class_, category, attempt, others)
        if isinstance(decision, Again) and left is not None and decision.after > left:
            return Stop("validity", decision.rule)
        return decision

    def _first(
        self, class_: str, code: str, channel: str, category: str
    ) -> RetryRule | None:
        for row in self.rows:
            if _fits(row, class_, code, channel, category):
                return row
        return None


def wrong_in(rule: RetryRule) -> str:
    """
    Why a row cannot be followed, '' if it can.
    """
    if rule.action not in ACTIONS:
        return f"action {rule.action!r} is none of {', '.join(ACTIONS)}"
    if rule.class_ and rule.class_ not in CLASSES:
        return f"no class {rule.class_!r}"
    if rule.category and rule.category not in CATEGORIES:
        return f"no category {rule.category!r}"
    if rule.tries < 1 or not 0 <= rule.after < math.inf:
        return "tries begin at 1, after at 0"
    return ""


def _fits(row: RetryRule, class_: str, code: str, channel: str, category: str) -> bool:
    """
    A row's code may end in C{*}: all codes that begin so.
    """
    if row.class_ not in ("", class_) or row.channel not in ("", channel):
        return False
    if row.category not in ("", category):
        return False
    wanted = row.code
    return wanted in ("", code) or (
        wanted.endswith("*") and code.startswith(wanted[:-1])
    )


def _ruled(rule: RetryRule, attempt: int, others: bool) -> Again | Stop:
    """
    What a row says; by the same channel never faster than the last time.
    """
    if rule.action == "void":
        return Stop("void", rule.id)
    if attempt >= rule.tries:
        return Stop("tries", rule.id)
    if rule.action == "other":
        return Again(rule.after, True, rule.id) if others else Stop("channels", rule.id)
    least = _growing(attempt)
    if rule.action == "later":
        least = max(least, _LATER_LEAST)
    return Again(max(rule.after, least), False, rule.id)


def _growing(attempt: int) -> float:
    return min(_THROTTLED_MOST, 2.0 ** min(attempt - 1, 10))


def _refused(class_: str, category: str, attempt: int, others: bool) -> Again | Stop:
    """
    What is usual where a segment was refused.
    """
    match class_:
        case "throttle":
            return Again(_growing(attempt))
        case "carrier_fault" if attempt < _TRIES:
            waits = _FIRST_WAIT if attempt == 1 else _NEXT_WAIT
            return Again(waits[lane_of(category)], others)
        case "config" | "ported" if others and attempt < _TRIES:
            return Again(0.0, True)
        case "carrier_fault" | "config" | "ported":
            return Stop("tries")
    return Stop(class_)


def _reported(class_: str, category: str, attempt: int, others: bool) -> Again | Stop:
    """
    What is usual where a receipt says that it failed: once more, by another
    channel, if the network failed and not the person; never in bulk.
    """
    if class_ not in _RESENT or lane_of(category) == _NEVER_RESENT:
        return Stop(class_)
    if attempt >= _RECEIPT_TRIES:
        return Stop("tries")
    if class_ == "ported":
        return Again(0.0, True) if others else Stop("channels")
    wait = _FIRST_WAIT[lane_of(category)]
    return Again(wait if others else max(wait, _growing(attempt)), others)
