"""
What sending teaches about numbers: a carrier that says a number is not its own, and a
delivery by another one.
"""

from collections.abc import Callable

import attrs

from smsgw.gateway.flight import Flight
from smsgw.numbering.ported import Evidence, PortedNumber, learn
from smsgw.rules.book import Rulebook

__all__ = ["Lessons"]

PORTED = "ported"
MOST = 10_000


@attrs.define(eq=False)
class Lessons:
    """
    C{_denied}: by message, which carriers denied its number; lost at a restart, for
    the next message teaches it anew. C{learned} waits to be written down.
    """

    book: Callable[[], Rulebook]
    learned: list[PortedNumber] = attrs.field(factory=list)
    _denied: dict[str, list[Evidence]] = attrs.field(factory=dict)

    def failed(self, flight: Flight, class_: str) -> None:
        """
        An attempt failed with a code of this class.
        """
        if class_ != PORTED or len(self._denied) >= MOST:
            return
        carrier = self._carrier_of(flight.attempt.channel)
        if carrier:
            evidence = Evidence(carrier, PORTED)
            self._denied.setdefault(flight.message.id, []).append(evidence)

    def ended(self, flight: Flight, state: str) -> None:
        """
        The message ended; if it was denied before, that may teach something.
        """
        evidence = self._denied.pop(flight.message.id, None)
        if not evidence:
            return
        number = flight.message.to
        if state == "delivered":
            carrier = self._carrier_of(flight.attempt.channel)
            evidence.append(Evidence(carrier, "delivered"))
        held = self.book().lists.numbers.carrier_of(number)
        lesson = learn(number, held, evidence)
        if lesson is not None and len(self.learned) < MOST:
            self.learned.append(lesson)

    def _carrier_of(self, channel: str) -> str:
        known = self.book().directory.channels.get(channel)
        return known.carrier if known is not None else ""

    def take(self) -> list[PortedNumber]:
        """
        What was learned since it was asked last.
        """
        taken, self.learned = self.learned, []
        return taken
