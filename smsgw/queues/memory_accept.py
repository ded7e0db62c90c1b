"""
What an accept remembers in memory: nonces, answers by key, references.
"""

from collections.abc import Iterable

import attrs

from smsgw.ports import Admission, Verdict
from smsgw.queues.memory_store import DAY, TEN_MINUTES, Buckets, MemoryStore

__all__ = ["Admitting"]


@attrs.define(eq=False)
class Admitting:
    """
    Decides on admissions in order; each is kept whole or not at all.

    C{taken} knows high ids: an admission that is repeated is accepted again.
    """

    store: MemoryStore
    high_water: int
    taken: Buckets[bool] = attrs.field(factory=lambda: Buckets(TEN_MINUTES, 2))
    nonces: Buckets[bool] = attrs.field(factory=lambda: Buckets(TEN_MINUTES, 2))
    keys: Buckets[tuple[bytes, bytes]] = attrs.field(factory=lambda: Buckets(DAY, 2))
    refs: Buckets[tuple[str, bytes]] = attrs.field(
        factory=lambda: Buckets(3.5 * DAY, 3)
    )

    def admit(self, admission: Admission, now: float) -> Verdict:
        """
        One admission's verdict.
        """
        if self.taken.find(admission.high_id, now):
            return Verdict("accepted")
        refusal = self._refusal(admission, now)
        if refusal is None:
            self._keep(admission, now)
        return refusal or Verdict("accepted")

    def _refusal(self, admission: Admission, now: float) -> Verdict | None:
        if admission.nonce and self.nonces.find(admission.nonce, now):
            return Verdict("nonce")
        before = self.keys.find(admission.key, now) if admission.key else None
        if before is not None:
            same = before[0] == admission.body_hash
            return Verdict("replay", before[1]) if same else Verdict("conflict")
        known = list(self._known(admission.refs, now))
        if known:
            return Verdict("known", known=known)
        if admission.chunks and self.store.depth.total() >= self.high_water:
            return Verdict("full")
        if not self.store.money.allows(admission):
            return Verdict("funds")
        return self.store.quotas.refusal(admission.limits, _messages(admission), now)

    def _known(
        self, refs: Iterable[tuple[str, str, bytes]], now: float
    ) -> Iterable[tuple[int, str, bool]]:
        for index, (ref, _, content) in enumerate(refs):
            before = self.refs.find(ref, now)
            if before is not None:
                yield index, before[0], before[1] == content

    def _keep(self, admission: Admission, now: float) -> None:
        store, tally = self.store, admission.tally
        self.taken.put(admission.high_id, True, now)
        if admission.nonce:
            self.nonces.put(admission.nonce, True, now)
        if admission.key:
            kept = (admission.body_hash, admission.answer)
            self.keys.put(admission.key, kept, now)
        for ref, message, content in admission.refs:
            self.refs.put(ref, (message, content), now)
        for chunk in admission.chunks:
            store.keep_chunk(chunk, now)
            store.count(tally, "accepted", chunk.count)
            store.count(tally, "waiting", chunk.count)
        store.money.reserve(admission)
        store.quotas.count(admission.limits, _messages(admission), now)
        store.high = max(store.high, admission.high_id)


def _messages(admission: Admission) -> int:
    return sum(chunk.count for chunk in admission.chunks)
