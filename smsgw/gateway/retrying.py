"""
Whether a message that failed at a channel goes out once more, by the rules of now.
"""

from collections.abc import Callable, Sequence

import attrs

from smsgw.gateway.flight import Flight
from smsgw.gateway.lessons import Lessons
from smsgw.rules.book import Rulebook
from smsgw.rules.retry import Again, Stop

__all__ = ["Retrying", "failed_by"]

_FAILED = frozenset({"undelivered", "expired"})
_MAY_BE_THERE = frozenset({"refused", "delivered", "unknown"})


def failed_by(flight: Flight) -> str | None:
    """
    The code of the receipt that says the message failed, if it may be sent again:
    no segment of the attempt arrived, or may have, as far as is known.
    """
    parts = flight.attempt.parts
    if any(part.state in _MAY_BE_THERE for part in parts):
        return None
    return next((part.code for part in parts if part.state in _FAILED), None)


@attrs.define(eq=False)
class Retrying:
    """
    C{others} tells whether a group has a channel besides those named; C{lessons}
    hears of failures.
    """

    book: Callable[[], Rulebook]
    others: Callable[[str, Sequence[str]], bool]
    lessons: Lessons

    def refused(
        self, flight: Flight, code: str, class_: str, now: float
    ) -> Again | Stop:
        """
        A segment was refused; C{class_} is what the channel's dialect calls it.
        """
        return self._decide(flight, code, class_, now, receipt=False)

    def reported(self, flight: Flight, now: float) -> Again | Stop:
        """
        Every segment is answered, and a receipt says that it failed.
        """
        code = failed_by(flight)
        if code is None:
            return Stop("begun")
        return self._decide(flight, code, "", now, receipt=True)

    def _decide(
        self, flight: Flight, code: str, said: str, now: float, receipt: bool
    ) -> Again | Stop:
        book, message, channel = self.book(), flight.message, flight.attempt.channel
        class_ = book.codes.class_of(channel, code, receipt, said)
        self.lessons.failed(flight, class_)
        return book.retries.decide(
            class_,
            code,
            channel,
            message.category,
            message.attempt,
            self.others(message.group, [*message.failed, channel]),
            message.expires_at - now,
            receipt,
        )
