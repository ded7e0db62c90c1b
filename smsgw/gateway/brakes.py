"""
The last look before a message goes out: what stops it, what holds it back.
"""

from collections.abc import Callable

import attrs

from smsgw.message import Inbound, Message
from smsgw.numbering import normalise_many
from smsgw.rules.book import Rulebook
from smsgw.rules.keywords import asks_to_stop

__all__ = ["BLOCKED", "CANCELED", "PAUSED", "UNFILED", "Brakes", "end_of", "stop_of"]

BLOCKED = 4101
CANCELED = 7005
UNFILED = 4105
HUSH = 5.0
PAUSED = 15.0
_URGENT = frozenset({"critical", "code"})


def stop_of(book: Rulebook, message: Message, now: float) -> tuple[int, str] | None:
    """
    Why a message must not go out by now: a code and the particulars.

    Asked when it is dispatched, and once more before its first segment is sent.
    """
    if book.lists.stops.get(message.batch) == "canceled":
        return CANCELED, message.batch
    scope = book.blocked_for(message.to, message.account, message.category, now)
    return (BLOCKED, scope) if scope else None


def end_of(code: int) -> str:
    """
    The state in which a message ends that was stopped with a code.
    """
    return "canceled" if code == CANCELED else "rejected"


@attrs.define(eq=False)
class Brakes:
    """
    Asked for every message that a channel is granted.

    C{hushed} are numbers that just asked to be left alone: until the record knows
    whose they are and the lists say so, what is not urgent waits.
    """

    book: Callable[[], Rulebook]
    hushed: dict[str, float] = attrs.field(factory=dict)

    def heard(self, reply: Inbound, now: float) -> None:
        """
        A reply came in whole.
        """
        if asks_to_stop(reply.text, self.book().directory.keywords.values()):
            number = normalise_many([reply.number])[0] or reply.number
            self.hushed[number] = now + HUSH

    def stop_of(self, message: Message, now: float) -> tuple[int, str] | None:
        """
        See L{stop_of}.
        """
        return stop_of(self.book(), message, now)

    def signs(self, message: Message, channel: str) -> bool:
        """
        Give the message the signature that the channel's carrier accepts by now;
        false if it may not carry the message.
        """
        book = self.book()
        known = book.directory.channels.get(channel)
        carrier = known.carrier if known is not None else ""
        text = book.signatures.on_channel(message.signature, channel, carrier)
        if text is None:
            return False
        message.signature = text
        return True

    def held_until(self, message: Message, now: float) -> float:
        """
        When to try again, 0 for now.
        """
        if self.book().lists.stops.get(message.batch) == "paused":
            return now + PAUSED
        if not self.hushed or message.lane in _URGENT:
            return 0.0
        until = self.hushed.get(message.to, 0.0)
        if until <= now:
            self.hushed.pop(message.to, None)
            return 0.0
        return until

    def tick(self, now: float) -> None:
        """
        Forget who was heard long ago.
        """
        for number in [one for one, until in self.hushed.items() if until <= now]:
            del self.hushed[number]
