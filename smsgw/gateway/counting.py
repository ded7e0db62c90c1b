"""
What was sent to whom of late: the same text twice, too many to one number.

Kept in the memory of the node that dispatches; after a restart it begins anew. A
chunk that is dispatched again after an unknown outcome is not its own duplicate.
"""

from collections import deque

import attrs

from smsgw.directory import Frequency
from smsgw.message import Message
from smsgw.rules.book import Rulebook

__all__ = ["DUPLICATE", "TOO_MANY", "Counting"]

DUPLICATE = 4102
TOO_MANY = 4103
SWEEP = 50_000


@attrs.define(eq=False)
class Counting:
    """
    C{_texts}: when, and by which message, an account last sent a text to a number;
    C{_sent}: times and messages by frequency rule and number.
    """

    _texts: dict[tuple[str, str, int], tuple[float, str]] = attrs.field(factory=dict)
    _sent: dict[tuple[str, str], deque[tuple[float, str]]] = attrs.field(factory=dict)
    _seen: int = 0

    def stop_of(
        self, book: Rulebook, message: Message, now: float
    ) -> tuple[int, str] | None:
        """
        Why a message is one too many; what is not is counted.
        """
        window, rules = book.limits_for(message.account, message.category)
        if not window and not rules:
            return None
        if window and self._is_double(message, window, now):
            return DUPLICATE, f"{window:g} s"
        reached = next(
            (one for one in rules if self._is_reached(one, message, now)), None
        )
        if reached is not None:
            return TOO_MANY, reached.id
        self._count(message, rules, window, now)
        return None

    def _is_double(self, message: Message, window: float, now: float) -> bool:
        key = (message.account, message.to, hash(message.text))
        at, name = self._texts.get(key, (0.0, ""))
        return now - at < window and name != message.id

    def _is_reached(self, rule: Frequency, message: Message, now: float) -> bool:
        sent = self._sent.setdefault((rule.id, message.to), deque())
        while sent and now - sent[0][0] >= rule.within:
            sent.popleft()
        others = sum(name != message.id for _, name in sent)
        return others >= rule.most

    def _count(
        self,
        message: Message,
        rules: tuple[Frequency, ...],
        window: float,
        now: float,
    ) -> None:
        if window:
            key = (message.account, message.to, hash(message.text))
            self._texts[key] = (now, message.id)
        for rule in rules:
            sent = self._sent[rule.id, message.to]
            if not any(name == message.id for _, name in sent):
                sent.append((now, message.id))
        self._seen += 1
        if self._seen % SWEEP == 0:
            self._sweep(now)

    def _sweep(self, now: float) -> None:
        """
        Forget what no rule can ask for any more: all that is older than a day, and
        the older half of what is too much.
        """
        self._texts = {
            key: one for key, one in self._texts.items() if now - one[0] < 86400
        }
        self._sent = {
            key: sent
            for key, sent in self._sent.items()
            if sent and now - sent[-1][0] < 31 * 86400
        }
