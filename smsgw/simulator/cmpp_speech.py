"""
CMPP as a simulated carrier speaks it: the contract's own order of Results, and
reports written in one stroke.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from smsgw.protocols.cmpp import (
    ConnectResp,
    Deliver,
    Query,
    QueryResp,
    Submit,
    SubmitResp,
)
from smsgw.protocols.neutral import OutSegment
from smsgw.protocols.rows import Pdu
from smsgw.simulator.admission import DESTINATION, form, grant, mutual, rights
from smsgw.simulator.delivery import Reported
from smsgw.simulator.msg_id import MsgIds, run_of
from smsgw.simulator.rules import Outcome
from smsgw.simulator.scenario import Scenario
from smsgw.simulator.speech import DELIVER_GATEWAY, Speech, code_refusal

__all__ = ["CmppSpeech", "cmpp_ids"]


def cmpp_ids(scenario: Scenario) -> tuple[MsgIds, MsgIds]:
    """
    The ids of submits and of deliveries, for all accounts of a carrier.
    """
    gateway = scenario.gateway
    return MsgIds(gateway), MsgIds(gateway + DELIVER_GATEWAY)


@attrs.define(eq=False)
class CmppSpeech(Speech):
    """
    C{ids} are those of L{cmpp_ids}.
    """

    def admit(self, pdu: Any, known: bool, word: str) -> tuple[Any, int, int]:
        """
        By the tables of cmpp.md, section 6.
        """
        highest = self.scenario.version
        status, layout = grant(pdu, self.account if known else None, highest)
        if not status and word:
            return self.keep_out(pdu, word)
        answer = ConnectResp(status=status, version=highest)
        if not status:
            source = pdu.authenticator_source
            answer.authenticator_ismg = mutual(0, source, self.account.secret, layout)
        return answer, layout, status

    def form(self, pdu: Any, segments: Sequence[OutSegment]) -> Outcome | None:
        """
        What comes before the limit of speed.
        """
        code = form(pdu, self.account)
        return code_refusal(code) if code else None

    def rights(
        self, pdu: Any, segments: Sequence[OutSegment], numbers: Sequence[str]
    ) -> Outcome | None:
        """
        What comes after it.
        """
        code = rights(pdu, numbers, self.account)
        return code_refusal(code) if code else None

    def new_ids(self, now: float, several: int, sequence: int) -> Sequence[str]:
        """
        A run; only its last 16 bits count.
        """
        first = self.ids[0].take(now, several)
        if several == 1:
            return (f"{first:016x}",)
        return [f"{one:016x}" for one in run_of(first, several)]

    def delivery_ids(self, now: float, several: int) -> Sequence[str]:
        """
        From a gateway of their own.
        """
        first = self.ids[1].take(now, several)
        return [f"{one:016x}" for one in run_of(first, several)]

    def answer(self, pdu: Pdu, carrier_id: str, outcome: Outcome) -> Pdu:
        """
        The usual one without a detour.
        """
        if outcome.refused:
            return super().answer(pdu, carrier_id, outcome)
        return SubmitResp(msg_id=int(carrier_id, 16) if carrier_id else 0, result=0)

    def other(self, pdu: Pdu, day: Callable[[], Mapping[str, int]]) -> Pdu | None:
        """
        Counters of the day; a submit that comes here is for nobody.
        """
        if type(pdu) is Query:
            kind, code = pdu.query_type, pdu.query_code
            return QueryResp(
                time=pdu.time, query_type=kind, query_code=code, **_counters(day())
            )
        if type(pdu) is Submit:
            result = form(pdu, self.account) or DESTINATION
            return SubmitResp(msg_id=0, result=result)
        return super().other(pdu, day)

    def report(
        self,
        carrier_id: str,
        segment: OutSegment,
        number: str,
        stat: str,
        submitted: str,
        done: str,
        now: float,
        other_layout: bool,
    ) -> Pdu:
        """
        In the layout of the connection it will go out on, or the other one.
        """
        return Reported(
            self.ids[1].take(now),
            int(carrier_id, 16),
            stat.encode(),
            submitted.encode(),
            done.encode(),
            segment.src.encode(),
            number.encode(),
            other_layout,
        )

    def garbled(self, report: Any) -> Any:
        """
        Cut off in its Stat.
        """
        return Deliver(
            msg_id=report.msg_id,
            dest_id=report.access.decode(),
            src_terminal_id=report.number.decode(),
            registered_delivery=1,
            msg_content=bytes(8) + report.stat[:2],
        )

    def taken(self, asked: Any, answer: Any) -> str:
        """
        The answer has to name the delivery's own id.
        """
        if getattr(answer, "msg_id", None) != asked.msg_id:
            return "misanswered"
        return "refused" if answer.result else "taken"


def _counters(day: Mapping[str, int]) -> dict[str, int]:
    accepted = day["accepted"]
    return {
        "mt_tlmsg": accepted,
        "mt_tlusr": accepted,
        "mt_scs": accepted,
        "mt_fl": day["refused"],
        "mo_scs": day["replies"],
        "mo_wt": day["waiting"],
    }
