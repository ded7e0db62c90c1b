"""
What the gateway needs from the world, as typing protocols.

A L{Queue} is one shard. Every step is one server-side script, idempotent by its
own id; a failed call raises L{smsgw.errors.Unavailable} with its outcome
unknown and may be repeated unchanged.
"""

from collections.abc import Awaitable, Mapping, Sequence
from typing import Protocol

import attrs
import msgspec

from smsgw.views import Inbox, Reader

__all__ = [
    "Admission",
    "Clock",
    "Depths",
    "Dispatched",
    "Down",
    "Inbox",
    "Lease",
    "Match",
    "Put",
    "Queue",
    "Reader",
    "Recovered",
    "Settle",
    "Signal",
    "Stored",
    "Up",
    "Verdict",
    "Wallet",
    "Want",
]


class Clock(Protocol):
    """
    Wall time for records, monotonic time for timers.
    """

    def now(self) -> float: ...
    def monotonic(self) -> float: ...
    def sleep(self, seconds: float) -> Awaitable[None]: ...


class Signal(Protocol):
    """
    A latch: C{set} wakes the one who waits; C{wait} clears it on return.
    """

    def set(self) -> None: ...
    def wait(self, timeout: float | None = None) -> Awaitable[None]: ...


class Stored(msgspec.Struct, array_like=True, gc=False):
    """
    A chunk to keep: C{body} is opaque bytes, C{count} its messages.

    C{not_before} (epoch seconds) above 0 and in the future: it waits in C{due}.
    """

    id: str
    lane: str
    count: int
    body: bytes
    not_before: float = 0.0


class Admission(msgspec.Struct, array_like=True, gc=False):
    """
    One submission's part in an accept: all of it is kept, or nothing.

    C{tally} is C{account|yyyymmdd}. C{nonce} and C{key} are scoped ('' for none).
    C{refs}: (scoped reference, message id, content hash). C{answer} is what a
    repeat of C{key} gets. C{high_id} is the greatest id used.

    C{charge} is the sum of its messages' prices, reserved in C{wallet} (an account)
    if no less than C{floor} is left then; 0 is not billed. C{limits}: (counter, most,
    lifetime in seconds), each counting all of its messages.
    """

    tally: str
    chunks: list[Stored]
    high_id: str
    nonce: str = ""
    key: str = ""
    body_hash: bytes = b""
    answer: bytes = b""
    refs: list[tuple[str, str, bytes]] = msgspec.field(default_factory=list)
    wallet: str = ""
    charge: int = 0
    floor: int = 0
    limits: list[tuple[str, int, int]] = msgspec.field(default_factory=list)


class Verdict(msgspec.Struct, array_like=True, gc=False):
    """
    What became of an admission.

    C{kind}: accepted, replay (C{answer} is the stored one), conflict (key with
    another body), nonce (used before), known (C{known}: index into C{refs},
    existing id, same content), full (above the high-water mark), funds (too little
    is available), quota (C{limit}: index into C{limits}).
    """

    kind: str
    answer: bytes = b""
    known: list[tuple[int, str, bool]] = msgspec.field(default_factory=list)
    limit: int = 0


class Put(msgspec.Struct, array_like=True, gc=False):
    """
    Entries for one out queue; C{queue} is C{set:lane}.

    An entry starts with a header that scripts read: its own size after these 2
    octets (2), expires_at (4), segments (2), price (4), then id and tally, each
    after its size (2); all big endian. What follows is opaque. The price is what
    the accept reserved for the message, in units of 0.0001 yuan; 0 is free.
    """

    queue: str
    entries: list[bytes]
    not_before: float = 0.0


class Dispatched(msgspec.Struct, array_like=True, gc=False):
    """
    A chunk done: where its messages go, and how many ended (by tally).

    C{refund}: the prices of those that ended, given back to the tally's account.
    """

    id: str
    lane: str
    puts: list[Put]
    facts: bytes = b""
    ended: int = 0
    tally: str = ""
    refund: int = 0


class Settle(msgspec.Struct, array_like=True, gc=False):
    """
    A message moves on.

    C{kind}: C{progress} (still leased, C{state} replaced), C{open} (leased ->
    submitted, waiting for receipts), C{update} (submitted, C{state} replaced),
    C{end} (final), C{again} (back to out queue C{queue} with entry C{entry}, at
    C{not_before} if in the future; C{front} puts it first). C{carrier_ids}
    (C{channel|carrier id}, part) are mapped by progress and open, unmapped by
    end and again. Unknown ids (already ended) change nothing.

    C{spent} is what a message that ends costs, at most its price; the rest goes
    back. One that goes again keeps its price, whatever C{entry} says.
    """

    kind: str
    id: str
    tally: str
    state: bytes = b""
    carrier_ids: list[tuple[str, int]] = msgspec.field(default_factory=list)
    queue: str = ""
    entry: bytes = b""
    not_before: float = 0.0
    front: bool = False
    spent: int = 0


class Want(msgspec.Struct, array_like=True, gc=False):
    """
    A channel's free room: at most C{messages} messages and C{room} segments.

    C{queues} in order of preference; C{reserve} segments are left for queues
    whose index is below C{reserved} (the critical and code lanes).
    """

    channel: str
    room: int
    messages: int
    queues: list[str]
    reserve: int = 0
    reserved: int = 0


class Up(msgspec.Struct, array_like=True, gc=False):
    """
    What goes up in one exchange. C{number} grows by one per new exchange; a
    repeat with the same number applies nothing twice and gets the same leases
    and matches again.

    C{receipts}: (inbox id, C{channel|carrier id}, body); C{inbound}: (inbox id,
    body); C{done}: inbox ids whose consequences are in this exchange;
    C{orphans}: keys to take out of the basket. C{taken} (day, name, by) is added to
    the day's counts.
    """

    epoch: int
    number: int
    settles: list[Settle] = msgspec.field(default_factory=list)
    receipts: list[tuple[str, str, bytes]] = msgspec.field(default_factory=list)
    inbound: list[tuple[str, bytes]] = msgspec.field(default_factory=list)
    done: list[str] = msgspec.field(default_factory=list)
    orphans: list[str] = msgspec.field(default_factory=list)
    facts: list[bytes] = msgspec.field(default_factory=list)
    wants: list[Want] = msgspec.field(default_factory=list)
    taken: list[tuple[str, str, int]] = msgspec.field(default_factory=list)


class Lease(msgspec.Struct, frozen=True, gc=False):
    """
    A message granted to a channel; C{upto} segments of it may be sent.

    C{reason} is '' or why it must end instead: expired, canceled. C{state} is
    b'' for a new lease, what was kept for one that is found at recovery.
    """

    channel: str
    upto: int
    reason: str
    entry: bytes
    state: bytes = b""


class Match(msgspec.Struct, frozen=True, gc=False):
    """
    A receipt and what it belongs to.

    C{kind}: open or leased (C{state} and C{entry} are the message's), orphan
    (kept in the basket), double (nothing to do, inbox already emptied).
    """

    inbox_id: str
    kind: str
    body: bytes
    message: str = ""
    part: int = 0
    state: bytes = b""
    entry: bytes = b""


@attrs.frozen(slots=True)
class Down:
    """
    What one exchange brings: leases, matches, how many entries fell due.
    """

    leases: Sequence[Lease] = ()
    matches: Sequence[Match] = ()
    promoted: int = 0


@attrs.frozen(slots=True)
class Recovered:
    """
    What an earlier process left: leases, unfinished receipts, replies, orphans.
    """

    leases: Sequence[Lease] = ()
    matches: Sequence[Match] = ()
    inbound: Sequence[tuple[str, bytes]] = ()
    orphans: Sequence[tuple[str, bytes]] = ()


@attrs.frozen
class Wallet:
    """
    An account's money: C{granted} = C{available} + C{reserved} + C{spent}.

    C{ledger} is the greatest id of a grant that was applied.
    """

    available: int = 0
    reserved: int = 0
    spent: int = 0
    granted: int = 0
    ledger: int = 0


@attrs.frozen
class Depths:
    """
    How much waits where: messages in intake by lane, in out queues, in due.
    """

    intake: Mapping[str, int]
    out: Mapping[str, int]
    due: int
    leased: int
    open: int
    facts: int


class Queue(Protocol):
    """
    One shard of the queue; see the scripts' contract test for the semantics.
    """

    async def claim(self, node: str) -> int:
        """
        Take the shard: a new epoch; every older one is refused from now on.
        """
        ...

    async def high_id(self) -> str:
        """
        The greatest id ever accepted, '' for none.
        """
        ...

    async def accept(
        self, admissions: Sequence[Admission], now: float
    ) -> list[Verdict]:
        """
        Keep submissions, each all or nothing; durable when this returns.
        """
        ...

    async def peek(self, lane: str, count: int) -> list[tuple[str, bytes]]:
        """
        The first C{count} chunks (id, body) of a lane's intake, left in place.
        """
        ...

    async def dispatch(
        self, epoch: int, done: Sequence[Dispatched], now: float
    ) -> None:
        """
        Finish chunks; one that is finished already is passed over.
        """
        ...

    async def exchange(self, up: Up, now: float) -> Down: ...

    async def recover(self, epoch: int, now: float) -> Recovered: ...

    async def aged(
        self, epoch: int, before: float, count: int
    ) -> list[tuple[str, bytes, bytes]]:
        """
        Submitted messages (id, state, entry) that were opened before a time.
        """
        ...

    async def cancel(self, ids: Sequence[str], now: float) -> list[str]:
        """
        Per id: C{stopped} (tombstone set before any lease) or C{too_late}.
        """
        ...

    async def facts(
        self, position: int, count: int
    ) -> tuple[int, list[tuple[str, bytes]]]:
        """
        From C{position} on: its true start (above C{position} if trimmed) and
        (kind, body) with kind C{chunk} or C{facts}.
        """
        ...

    async def trim(self, position: int) -> None: ...

    async def depths(self, now: float) -> Depths: ...

    async def counts(self) -> dict[str, dict[str, int]]:
        """
        Per tally: accepted, waiting, leased, open, ended.
        """
        ...

    async def forget(self, before: str) -> int: ...

    async def taken(self, day: str) -> dict[str, int]:
        """
        A day's counts by name, as exchanges raised them; kept for three days.
        """
        ...

    async def grant(self, wallet: str, ledger_id: int, amount: int) -> int:
        """
        Money for an account, negative for a correction; what is available then.

        A wallet's grants come in the order of their ids, which is that of their
        commits: one whose id is not above the last applied is passed over.
        """
        ...

    async def wallets(self, names: Sequence[str]) -> dict[str, Wallet]:
        """
        Per account, all 0 where there is none.
        """
        ...

    async def save_snapshot(self, body: bytes) -> None: ...

    async def load_snapshot(self) -> bytes: ...
