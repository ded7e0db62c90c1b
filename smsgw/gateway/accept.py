"""
The one way in: every door parses, calls L{Acceptance.accept}, and answers.
"""

from collections.abc import Awaitable, Callable

import attrs
import msgspec

from smsgw.directory import Account
from smsgw.errors import Refused, Unavailable
from smsgw.gateway.plan import Plan, check, compose, drop_known
from smsgw.ids import IdSource
from smsgw.message import Accepted, Submission
from smsgw.ports import Admission, Verdict
from smsgw.rules.alike import Alike
from smsgw.rules.book import Rulebook

__all__ = ["Acceptance"]

QUOTA = 3002
_REFUSED = {
    "conflict": (7002, "Idempotency-Key"),
    "nonce": (1004, "X-Nonce"),
    "funds": (3003, ""),
}

_decode_answer = msgspec.msgpack.Decoder(Accepted).decode


@attrs.define(eq=False)
class Acceptance:
    """
    Checks a submission and puts it into the queue, durably, all or nothing.

    C{put} keeps one admission; those that arrive together share one put.
    C{arrived} is called when there is something to dispatch. C{alike} finds bulk
    that comes in one by one.
    """

    ids: IdSource
    put: Callable[[Admission], Awaitable[Verdict]]
    arrived: Callable[[], None]
    alike: Alike = attrs.field(factory=Alike)

    async def accept(
        self, book: Rulebook, account: Account, submission: Submission, now: float
    ) -> Accepted:
        """
        The answer, given only when what it says is durable.

        Raises L{Refused} for the whole, L{Unavailable} when nothing is known to
        be kept.
        """
        plan = check(book, account, submission, now, self.alike)
        while True:
            answer, admission = compose(plan, self.ids, now)
            if not plan.good and not admission.key:
                return answer
            verdict = await self.put(admission)
            if verdict.kind == "accepted":
                self.arrived()
                return answer
            if verdict.kind == "replay":
                stored = _decode_answer(verdict.answer)
                stored.replayed = True
                return stored
            self._resolve(plan, admission, verdict, now)

    def _resolve(
        self, plan: Plan, admission: Admission, verdict: Verdict, now: float
    ) -> None:
        """
        Take known references out of the plan, or refuse.
        """
        match verdict.kind:
            case "known":
                for position, existing, same in verdict.known:
                    scoped = admission.refs[position][0]
                    index = plan.refs.pop(scoped)[0]
                    drop_known(plan, index, existing, same)
                    if not same and not plan.submission.batch:
                        raise Refused(7001, "", "client_ref")
            case "quota":
                limit = plan.limits[verdict.limit]
                wait = max(1.0, limit.ends_at - now)
                raise Refused(QUOTA, f"{limit.field} {limit.most}", "", wait)
            case "full":
                raise Unavailable("the queue is above its mark", 5.0)
            case other if other in _REFUSED:
                code, field = _REFUSED[other]
                raise Refused(code, "", field)
            case other:
                raise Unavailable(f"verdict {other}")
