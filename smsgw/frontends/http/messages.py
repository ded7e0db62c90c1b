"""
Messages: send, look ahead, look up, search, cancel.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

import attrs

from smsgw.directory import Account
from smsgw.errors import Refused, Unavailable
from smsgw.frontends.http.answers import (
    BAD_NUMBER,
    accepted_out,
    message_out,
    preview_out,
    step_out,
)
from smsgw.frontends.http.call import Answer, Call, answer
from smsgw.frontends.http.nonces import Nonces
from smsgw.frontends.http.problem import number_words, problem_of
from smsgw.frontends.http.rates import Rates
from smsgw.frontends.http.schema import (
    Reading,
    read_batch,
    read_empty,
    read_preview,
    read_send,
)
from smsgw.frontends.http.times import read_time
from smsgw.gateway.gateway import PreviewItem
from smsgw.message import FINAL, Accepted, Submission
from smsgw.metrics import Metrics
from smsgw.numbering import normalise
from smsgw.ports import Reader
from smsgw.views import MessageView, Search

__all__ = ["GatewayPort", "Messages", "check_nonce", "limit_of"]

STATES = FINAL | {
    "accepted",
    "scheduled",
    "held",
    "queued",
    "submitting",
    "submitted",
}
MOMENT, LOOK = 1.0, 0.1
_key = re.compile(r"[A-Za-z0-9_:-]{1,255}").fullmatch


class GatewayPort(Protocol):
    """
    What this door needs of L{smsgw.gateway.gateway.Gateway}.
    """

    async def accept(
        self, account: Account, submission: Submission, now: float
    ) -> Accepted: ...

    async def preview(
        self, account: Account, submission: Submission, now: float
    ) -> list[PreviewItem]: ...

    async def cancel(
        self, account: Account, ids: Sequence[str], now: float
    ) -> list[tuple[str, str]]: ...

    def pending(self, message_id: str) -> bool: ...

    @property
    def recorded(self) -> Callable[[], float]: ...


@attrs.define(eq=False)
class Messages:
    """
    The handlers of /v1/messages; C{running} are idempotency keys under way. A
    cancel that is faster than the record C{sleep}s until that has caught up.
    """

    gateway: GatewayPort
    reader: Reader
    nonces: Nonces
    metrics: Metrics
    sleep: Callable[[float], Awaitable[None]]
    rates: Rates = attrs.field(factory=Rates)
    running: set[str] = attrs.field(factory=set, init=False)

    async def send(self, call: Call) -> Answer:
        """
        One text to one or many numbers.
        """
        return await self._limited(call, read_send(call.knock.body))

    async def send_batch(self, call: Call) -> Answer:
        """
        Personalised items; each is taken or refused by itself.
        """
        return await self._limited(call, read_batch(call.knock.body))

    async def _limited(self, call: Call, reading: Reading) -> Answer:
        """
        As fast as the account may; what was not kept costs nothing.
        """
        account, count = call.account, len(reading.submission.items)
        if wait := self.rates.take(account, count, call.now):
            refused = Refused(3001, "", "", wait)
            self.metrics.count("smsgw_refused_total", 1, str(refused.code))
            told = problem_of(refused, call.language, call.request_id)
            return self._with_standing(call, told)
        try:
            accepted = await self._accept(call, reading)
        except (Refused, Unavailable):
            self.rates.give_back(account, count)
            raise
        kept = 0 if accepted.replayed else accepted.accepted
        self.rates.give_back(account, count - kept)
        return self._with_standing(call, self._answer(call, reading, accepted))

    def _with_standing(self, call: Call, told: Answer) -> Answer:
        standing = self.rates.headers(call.account, call.now)
        if not standing:
            return told
        return attrs.evolve(told, headers={**told.headers, **standing})

    async def _accept(self, call: Call, reading: Reading) -> Accepted:
        if reading.faults and not reading.submission.items:
            return Accepted("", 0, 0, 0, [])
        key, digest = _idempotency(call)
        submission = attrs.evolve(
            reading.submission,
            nonce=call.caller.nonce,
            idempotency_key=key,
            body_hash=digest,
        )
        if key in self.running:
            raise Refused(7003, "", "Idempotency-Key")
        if key:
            self.running.add(key)
        try:
            accepted = await self.gateway.accept(call.account, submission, call.now)
        except Refused as refused:
            raise _with_reason(refused, submission) from refused
        finally:
            self.running.discard(key)
        if not accepted.replayed:
            self.metrics.count(
                "smsgw_accepted_total", accepted.accepted, call.account.id
            )
        return accepted

    def _answer(self, call: Call, reading: Reading, accepted: Accepted) -> Answer:
        faults = (*reading.faults, *accepted.items)
        if (accepted.rejected or reading.faults) and not accepted.replayed:
            for result in faults:
                if result.code:
                    self.metrics.count("smsgw_refused_total", 1, str(result.code))
        known = bool(accepted.items) and not accepted.accepted
        only_known = known and not (accepted.rejected or reading.faults)
        out = accepted_out(accepted, reading, call.language, call.request_id)
        headers = {"Idempotency_Replayed": "true"} if accepted.replayed else {}
        return answer(out, 200 if only_known else 202, **headers)

    async def preview(self, call: Call) -> Answer:
        """
        What would become of a send (C{to}) or a batch (C{items}).
        """
        check_nonce(call, self.nonces)
        reading = read_preview(call.knock.body)
        items: list[PreviewItem] = []
        if reading.submission.items or not reading.faults:
            items = await self._preview(call, reading.submission)
        told = preview_out(items, reading, call.language)
        return answer({"request_id": call.request_id, "items": told})

    async def _preview(self, call: Call, submission: Submission) -> list[PreviewItem]:
        try:
            return await self.gateway.preview(call.account, submission, call.now)
        except Refused as refused:
            raise _with_reason(refused, submission) from refused

    async def message(self, call: Call, message_id: str) -> Answer:
        """
        A message; one that the record lacks as yet is known to be accepted.
        """
        self._look(call)
        view = await self.reader.message(call.account.id, message_id)
        if view is not None:
            return answer(message_out(view))
        self._check_pending(message_id)
        return answer({"id": message_id, "state": "accepted", "waiting_for": "record"})

    async def timeline(self, call: Call, message_id: str) -> Answer:
        """
        A message's whole history, oldest first.
        """
        self._look(call)
        steps = await self.reader.timeline(call.account.id, message_id)
        told: dict[str, object] = {"id": message_id, "steps": [*map(step_out, steps)]}
        if not steps:
            self._check_pending(message_id)
            told["waiting_for"] = "record"
        return answer(told)

    async def search(self, call: Call) -> Answer:
        """
        Newest first, by pages.
        """
        check_nonce(call, self.nonces)
        given = call.arguments(
            "client_ref",
            "to",
            "state",
            "batch_id",
            "from",
            "until",
            "cursor",
            "limit",
        )
        state = given.get("state", "")
        if state and state not in STATES:
            raise Refused(2002, state[:64], "state")
        to = given.get("to", "")
        wanted = Search(
            given.get("client_ref", ""),
            normalise(to) if to else "",
            state,
            given.get("batch_id", ""),
            read_time(given.get("from", ""), "from"),
            read_time(given.get("until", ""), "until"),
        )
        found, cursor = await self.reader.search(
            call.account.id, wanted, given.get("cursor", ""), limit_of(given)
        )
        return answer({"items": [*map(message_out, found)], "cursor": cursor})

    async def cancel(self, call: Call, message_id: str) -> Answer:
        """
        Stop a message that no channel has taken yet.
        """
        check_nonce(call, self.nonces)
        read_empty(call.knock.body)
        view = await self._in_the_record(call, message_id)
        if view.state in FINAL:
            raise Refused(7004, view.state, "id")
        told = await self.gateway.cancel(call.account, [message_id], call.now)
        if told[0][1] == "too_late":
            raise Refused(7004, "", "id")
        return answer(
            {
                "request_id": call.request_id,
                "items": [{"id": one, "result": result} for one, result in told],
            }
        )

    async def _in_the_record(self, call: Call, message_id: str) -> MessageView:
        """
        Whose a message is, only the record knows: wait a moment until it has it, or
        has all that was there when the call came.
        """
        waited = 0.0
        while True:
            complete = self.gateway.recorded() > call.now
            view = await self.reader.message(call.account.id, message_id)
            if view is not None:
                return view
            self._check_pending(message_id)
            if complete:
                raise Refused(7404, message_id[:64], "id")
            if waited >= MOMENT:
                raise Unavailable("not yet in the record", 1.0)
            await self.sleep(LOOK)
            waited += LOOK

    def _look(self, call: Call) -> None:
        check_nonce(call, self.nonces)
        call.arguments()

    def _check_pending(self, message_id: str) -> None:
        if not self.gateway.pending(message_id):
            raise Refused(7404, message_id[:64], "id")


def check_nonce(call: Call, nonces: Nonces) -> None:
    """
    Refuse a nonce that was used before; for calls that keep nothing.
    """
    nonce = call.caller.nonce
    if nonce and not nonces.fresh(nonce, call.now):
        raise Refused(1004, "", "X-Nonce")


def limit_of(given: Mapping[str, str], most: int = 1000) -> int:
    """
    The C{limit} of a query: 100 unless given.
    """
    text = given.get("limit", "100")
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= most):
        raise Refused(2002, f"1–{most}", "limit")
    return int(text)


def _with_reason(refused: Refused, submission: Submission) -> Refused:
    """
    A whole that is refused for its first number says what that one lacks.
    """
    if refused.code != BAD_NUMBER or refused.detail:
        return refused
    return Refused(refused.code, number_words(submission.items[0].to), refused.field)


def _idempotency(call: Call) -> tuple[str, bytes]:
    key = call.knock.header("Idempotency-Key")
    if not key:
        return "", b""
    if not _key(key):
        words = "1–255 个字母、数字或 _ : - / 1–255 letters, digits or _ : -"
        raise Refused(2002, words, "Idempotency-Key")
    app_id = call.caller.credential.app_id
    scoped = f"{app_id}|{call.knock.method}|{call.knock.path}|{key}"
    return scoped, hashlib.sha256(call.knock.body).digest()
