"""
CMPP's manner: the contract checked to the letter, reports written in one stroke.
"""

from collections.abc import Callable, Sequence
from typing import Any

import attrs

from smsgw.protocols.cmpp import (
    Cancel,
    CancelResp,
    Connect,
    ConnectResp,
    DeliverResp,
    Query,
    QueryResp,
    Submit,
    SubmitResp,
)
from smsgw.protocols.cmpp_dialect import CmppDialect, CmppSettings
from smsgw.protocols.cmpp_rules import CMPP
from smsgw.protocols.protocol import Protocol as Rules
from smsgw.protocols.rows import Pdu
from smsgw.simulator.admission import (
    Limiter,
    grant,
    mutual,
    plain_number,
    refusal,
)
from smsgw.simulator.delivery import Reported, replies
from smsgw.simulator.faults import Faults
from smsgw.simulator.manner import Admitted, Asked, Told
from smsgw.simulator.msg_id import MsgIds, run_of
from smsgw.simulator.rules import Outcome
from smsgw.simulator.scenario import Account, Scenario

__all__ = ["CmppManner"]

TOO_MANY, STRUCTURE = 56, 1
DELIVER_GATEWAY = 500_000  # deliveries have ids of their own


@attrs.define(eq=False)
class CmppManner:
    """
    CMPP 2.0 to 3.0; message ids are the protocol's own numbers.
    """

    scenario: Scenario
    _ids: MsgIds = attrs.field(init=False)
    _own: MsgIds = attrs.field(init=False)
    _dialect: CmppDialect = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._ids = MsgIds(self.scenario.gateway)
        self._own = MsgIds(self.scenario.gateway + DELIVER_GATEWAY)
        self._dialect = CmppDialect(CmppSettings("", ""))

    @property
    def rules(self) -> Rules:
        return CMPP

    @property
    def version(self) -> int:
        return self.scenario.version

    def numbers(self) -> None:
        """
        Each connection counts for itself.
        """

    def login_of(self, pdu: Pdu) -> str:
        assert isinstance(pdu, Connect)
        return pdu.source_addr

    def admit(
        self, pdu: Pdu, account: Account | None, full: bool, faults: Faults
    ) -> Admitted:
        assert isinstance(pdu, Connect)
        status, version = grant(pdu, account, self.version)
        status = faults.refuse or status or (TOO_MANY if full else 0)
        answer = ConnectResp(status=status, version=self.version)
        if account is not None and not status and not faults.unsigned:
            source = pdu.authenticator_source
            answer.authenticator_ismg = mutual(0, source, account.secret, version)
        return Admitted(answer, version, status)

    def read(self, pdu: Pdu) -> Asked | None:
        if type(pdu) is not Submit:
            return None
        return Asked(
            pdu,
            [plain_number(one) for one in pdu.dest_terminal_id],
            pdu.src_id,
            pdu.msg_content,
            pdu.msg_fmt,
            pdu.tp_udhi,
            pdu.registered_delivery == 1,
        )

    def other(self, pdu: Pdu, totals: Callable[[], Any]) -> Pdu | None:
        if type(pdu) is Query:
            return _day(pdu, totals())
        if type(pdu) is Cancel:
            return CancelResp(success_id=1)
        return DeliverResp(msg_id=0, result=STRUCTURE)

    def refusal(
        self, asked: Asked, account: Account, limiter: Limiter, now: float
    ) -> Outcome | None:
        submit: Any = asked.pdu
        code = refusal(submit, asked.numbers, account, limiter, now)
        return Outcome(f"result_{code}", code) if code else None

    def take_ids(self, now: float, count: int, sequence: int) -> Sequence[int]:
        first = self._ids.take(now, count)
        return (first,) if count == 1 else run_of(first, count)

    def submitted(self, asked: Asked, message_id: int, outcome: Outcome) -> Pdu:
        if outcome.word:
            return self._dialect.submitted(asked.pdu, "", outcome.word)
        return SubmitResp(msg_id=message_id or 0, result=outcome.result)

    def shown(self, message_id: int) -> str:
        return f"{message_id:016x}"

    def report(
        self,
        asked: Asked,
        message_id: int,
        number: str,
        stat: str,
        times: tuple[bytes, bytes],
        faults: Faults,
        now: float,
    ) -> Reported:
        return Reported(
            self._own.take(now),
            message_id,
            stat.encode(),
            *times,
            asked.src.encode(),
            number.encode(),
            faults.swap,
        )

    def replies(
        self,
        number: str,
        access: str,
        text: str,
        coding: str,
        udhi: int,
        reference: int,
        now: float,
    ) -> Sequence[Told]:
        def take(count: int) -> list[int]:
            return run_of(self._own.take(now, count), count)

        parts = replies(take, number, access, text, coding, udhi, reference)
        return [Told(one, False) for one in parts]

    def delivered(self, token: Any, pdu: Pdu | None) -> bool | None:
        """
        Was a delivery taken? None for an answer to another one.
        """
        asked: Any = token.pdu if type(token) is Told else token
        if not isinstance(pdu, DeliverResp) or pdu.msg_id != asked.msg_id:
            return None
        return not pdu.result


def _day(query: Query, totals: Any) -> QueryResp:
    """
    The counters that CMPP_QUERY asks for.
    """
    return QueryResp(
        time=query.time,
        query_type=query.query_type,
        query_code=query.query_code,
        mt_tlmsg=totals.accepted,
        mt_tlusr=totals.accepted,
        mt_scs=totals.accepted,
        mt_fl=totals.refused,
        mo_scs=totals.counts["mo_taken"],
        mo_wt=totals.waiting,
    )
