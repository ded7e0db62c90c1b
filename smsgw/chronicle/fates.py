"""
What becomes of a message: the facts that a gateway would have told, each with its
time.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import attrs

from smsgw.chronicle.people import Chances, Patient
from smsgw.directory import Channel
from smsgw.message import Fact, Receipt
from smsgw.rules.encyclopaedia import meaning_of

__all__ = ["BLOCKED", "Fates", "Going"]

BLOCKED = "4101"
_GOOD, _BUSY = 0.972, 0.004
_LATE = 0.0015
_LOST_AFTER, _CLAIMED_AFTER = 72 * 3600.0, 4 * 3600.0

# Codes of receipts, each as often as it stands there: a number that is not in use,
# one without service, a phone that is off or full, the carrier's blacklist, a text
# that is refused, the network at fault.
_FAILURES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "cmpp": (
            *("MK:0001", "MK:0001", "MK:0012", "MK:0013", "MK:0005"),
            *("MI:0024", "MI:0024", "EXPIRED", "MK:0008", "MK:0017"),
            *("ID:0141", "DB:0141", "ID:0076", "MK:0255", "MK:0021", "REJECTD"),
        ),
        "sgip": (
            *("IB:0056", "IB:0000", "IB:0067", "IB:0040", "IB:0055"),
            *("IB:0055", "IB:0061", "IB:0066", "IB:0033", "IB:0011"),
        ),
        "smgp": (
            *("UNDELIV/004", "UNDELIV/001", "UNDELIV/002", "EXPIRED", "EXPIRED"),
            *("UNDELIV/007", "UNDELIV/005", "DTBLACK", "UNDELIV/006", "REJECTD"),
        ),
    }
)
# Answers to a submit that ask for another try: sent too fast, the next hop away.
_REFUSALS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"cmpp": ("8", "8", "51"), "sgip": ("88", "32"), "smgp": ("1", "1")}
)


@attrs.frozen
class Going:
    """
    A message that leaves: by this channel, in so many segments, after C{wait}
    seconds in queues.
    """

    id: str
    account: str
    patient: Patient
    channel: Channel
    segments: int
    at: float
    wait: float = 0.05


@attrs.define(eq=False)
class Fates:
    """
    One for each message. What is not known at C{end} is known at that time.
    """

    chance: Chances
    end: float

    def of(self, going: Going) -> Iterator[Fact]:
        """
        From leaving to the end, in order; a receipt may find the message ended.
        """
        at, chance = going.at + going.wait, self.chance
        again = 0
        if chance() < _BUSY:
            yield from self._refused(going, at)
            at, again = at + 2 + chance() * 3, 1
        at += 0.02 + chance() * 0.2
        ids = [
            f"{int(at * 1000):x}{going.id[-6:]}{again}{part}"
            for part in range(1, going.segments + 1)
        ]
        for part, carrier_id in enumerate(ids, 1):
            yield self._fact(going, "answered", at, part=part, carrier_id=carrier_id)
        yield self._fact(going, "submitted", at, "submitted")
        if chance() < _LATE and at + _LOST_AFTER + _CLAIMED_AFTER < self.end:
            yield from self._lost(going, at, ids)
            return
        yield from self._reported(going, at, ids)

    def _refused(self, going: Going, at: float) -> Iterator[Fact]:
        codes = _REFUSALS.get(going.channel.protocol, _REFUSALS["cmpp"])
        code = codes[int(self.chance() * len(codes))]
        yield self._fact(going, "refused", at, part=1, code=code)
        note = f"{going.channel.carrier}, rule busy"
        yield self._fact(going, "again", at, "queued", code=code, note=note)

    def _reported(self, going: Going, at: float, ids: list[str]) -> Iterator[Fact]:
        """
        Most arrive within seconds; a phone that is off keeps them waiting.
        """
        state, code = self._outcome(going)
        wait = 1.2 + 9 * self.chance() ** 3
        if state != "delivered":
            wait = 4 + 40 * self.chance()
        if state == "expired":
            wait = 24 * 3600.0 * (0.9 + 0.1 * self.chance())
        elif self.chance() < 0.03:
            wait = 60 + 3 * 3600.0 * self.chance() ** 2
        for part, carrier_id in enumerate(ids, 1):
            at_part = min(at + wait + part * 0.1, self.end)
            yield self._fact(
                going,
                "receipt",
                at_part,
                part=part,
                code=code,
                carrier_id=carrier_id,
                note=state,
            )
        yield self._fact(going, "final", at_part, state, code=code)

    def _outcome(self, going: Going) -> tuple[str, str]:
        """
        Who has bad luck has it each time: those numbers are not in use.
        """
        codes = _FAILURES.get(going.channel.protocol, _FAILURES["cmpp"])
        if going.patient.luck > _GOOD + 0.02:
            code = codes[0]
        elif self.chance() < _GOOD + 0.01:
            return "delivered", "DELIVRD"
        else:
            code = codes[int(self.chance() * len(codes))]
        protocol, settings = going.channel.protocol, going.channel.settings
        return meaning_of(protocol, code, True, settings).state, code

    def _lost(self, going: Going, at: float, ids: list[str]) -> Iterator[Fact]:
        """
        No receipt comes in time, so nobody knows; hours later it does come.
        """
        yield self._fact(going, "final", at + _LOST_AFTER, "unknown")
        claimed = at + _LOST_AFTER + self.chance() * _CLAIMED_AFTER
        for carrier_id in ids:
            receipt = Receipt(
                going.channel.id,
                carrier_id,
                "delivered",
                "DELIVRD",
                going.patient.number,
                claimed,
            )
            yield Fact("orphan", "", claimed, "", going.channel.id, receipt=receipt)

    def _fact(
        self,
        going: Going,
        kind: str,
        at: float,
        state: str = "",
        part: int = 0,
        code: str = "",
        carrier_id: str = "",
        note: str = "",
    ) -> Fact:
        return Fact(
            kind,
            going.id,
            min(at, self.end),
            state,
            going.channel.id,
            part,
            code,
            carrier_id,
            note,
            going.account,
        )
