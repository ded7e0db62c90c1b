"""
A front door over the real checks of the gateway and a shard in a few dicts.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import count
from typing import Any

import attrs
import msgspec
from treq.testing import RequestTraversalAgent
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.web.resource import IResource

from smsgw.directory import (
    Account,
    Credential,
    Directory,
    Group,
    Rule,
    Share,
)
from smsgw.errors import Unavailable
from smsgw.frontends.http.auth import Doorkeeper
from smsgw.frontends.http.batches import BatchControl
from smsgw.frontends.http.door import HttpDoor
from smsgw.frontends.http.events import Events
from smsgw.frontends.http.inbox import Replies
from smsgw.frontends.http.messages import Messages
from smsgw.frontends.http.money import Money
from smsgw.frontends.http.nonces import Nonces
from smsgw.frontends.http.operations import Operations
from smsgw.gateway.accept import Acceptance
from smsgw.gateway.gateway import Gateway
from smsgw.ids import IdSource
from smsgw.metrics import Metrics
from smsgw.outgoing import Outgoing
from smsgw.ports import Admission, Verdict, Wallet
from smsgw.rules.book import Rulebook
from smsgw.security.signing import canonical, sign_request
from smsgw.views import (
    EventView,
    MessageView,
    Progress,
    ReplyView,
    Search,
    Step,
    Turn,
)

NOW = 1_800_000_000.0
SECRET = "a made-up secret"


def directory(**changes: Any) -> Directory:
    """
    One account, C{his}, and another, C{lis}; C{changes} are to his credential.
    """
    credential = Credential("his", "his", (SECRET, "old secret"))
    return Directory(
        accounts={
            "his": Account("his", "门诊", signature="示范医院"),
            "lis": Account("lis", "检验"),
        },
        credentials={
            "his": attrs.evolve(credential, **changes),
            "lis": Credential("lis", "lis", ("other",)),
        },
        groups={"all": Group("all", (Share("cmcc"),))},
        rules=(Rule("all", 1, "all"),),
    )


@attrs.define(eq=False)
class Shelf:
    """
    Keeps admissions as a shard does; C{down} makes it unavailable, C{held} lets
    it wait.
    """

    kept: list[Admission] = attrs.field(factory=list)
    nonces: set[str] = attrs.field(factory=set)
    keys: dict[str, tuple[bytes, bytes]] = attrs.field(factory=dict)
    refs: dict[str, tuple[str, bytes]] = attrs.field(factory=dict)
    down: bool = False
    held: "Deferred[None] | None" = None

    async def put(self, admission: Admission) -> Verdict:
        """
        Keep it, or say why not.
        """
        if self.held is not None:
            await self.held
        if self.down:
            raise Unavailable("the shelf is down", 2.5)
        if admission.nonce and admission.nonce in self.nonces:
            return Verdict("nonce")
        if admission.key in self.keys:
            body_hash, stored = self.keys[admission.key]
            if body_hash != admission.body_hash:
                return Verdict("conflict")
            return Verdict("replay", stored)
        known = [
            (place, self.refs[ref][0], self.refs[ref][1] == content)
            for place, (ref, _, content) in enumerate(admission.refs)
            if ref in self.refs
        ]
        if known:
            return Verdict("known", b"", known)
        self._keep(admission)
        return Verdict("accepted")

    def _keep(self, admission: Admission) -> None:
        self.kept.append(admission)
        self.nonces.add(admission.nonce)
        if admission.key:
            self.keys[admission.key] = (admission.body_hash, admission.answer)
        for ref, message_id, content in admission.refs:
            self.refs[ref] = (message_id, content)


@attrs.define(eq=False)
class Stopper:
    """
    The part of a queue that cancels.
    """

    answer: str = "stopped"
    asked: list[str] = attrs.field(factory=list)

    async def cancel(self, ids: Sequence[str], now: float) -> list[str]:
        """
        The same for all.
        """
        self.asked += ids
        return [self.answer for _ in ids]


@attrs.define(eq=False)
class Notes:
    """
    The part of an outbox that notes facts.
    """

    facts: list[Any] = attrs.field(factory=list)

    def note(self, fact: Any) -> None:
        """
        Keep it.
        """
        self.facts.append(fact)


@attrs.define(eq=False)
class Said:
    """
    Replies and turns of one account, and what was asked.
    """

    replied: list[ReplyView] = attrs.field(factory=list)
    turns: list[Turn] = attrs.field(factory=list)
    asked: list[tuple[object, ...]] = attrs.field(factory=list)

    async def replies(self, *asked: object) -> list[ReplyView]:
        """
        All of them.
        """
        self.asked.append(asked)
        return self.replied

    async def conversation(self, *asked: object) -> list[Turn]:
        """
        All turns.
        """
        self.asked.append(asked)
        return self.turns


@attrs.define(eq=False)
class Steered:
    """
    One batch of one account, and what it was told.
    """

    known: dict[tuple[str, str], Progress] = attrs.field(factory=dict)
    told: list[tuple[str, str, str, str]] = attrs.field(factory=list)

    async def progress(self, account: str, batch: str) -> Progress | None:
        """
        As it was put here.
        """
        return self.known.get((account, batch))

    async def steer(
        self, account: str, batch: str, state: str, who: str, now: float
    ) -> None:
        """
        Note it.
        """
        self.told.append((account, batch, state, who))


@attrs.define(eq=False, slots=False)
class Shown:
    """
    A reader of a record of a few values, by account.
    """

    messages: dict[tuple[str, str], MessageView] = attrs.field(factory=dict)
    steps: dict[tuple[str, str], list[Step]] = attrs.field(factory=dict)
    stream: list[EventView] = attrs.field(factory=list)
    acknowledged: dict[tuple[str, str], list[str]] = attrs.field(factory=dict)
    searches: list[tuple[str, Search, str, int]] = attrs.field(factory=list)
    down: bool = False

    async def message(self, account: str, message_id: str) -> MessageView | None:
        """
        An account's own message.
        """
        return self.messages.get((account, message_id))

    async def timeline(self, account: str, message_id: str) -> list[Step]:
        """
        An account's own message's history.
        """
        return self.steps.get((account, message_id), [])

    async def search(
        self, account: str, wanted: Search, cursor: str, limit: int
    ) -> tuple[list[MessageView], str]:
        """
        All of an account; what was asked is noted.
        """
        self.searches.append((account, wanted, cursor, limit))
        return [m for (owner, _), m in self.messages.items() if owner == account], ""

    async def events(
        self,
        account: str,
        types: Sequence[str],
        cursor: int,
        limit: int,
        unread: bool = False,
    ) -> list[EventView]:
        """
        Oldest first, after the cursor.
        """
        if self.down:
            raise Unavailable("the record is down", 2.0)
        known = {one for ids in self.acknowledged.values() for one in ids}
        return [
            event
            for event in self.stream
            if event.seq > cursor
            and (not types or event.type in types)
            and not (unread and event.event_id in known)
        ][:limit]

    async def acknowledge(
        self, account: str, by: str, event_ids: Sequence[str], now: float
    ) -> int:
        """
        Note who has what.
        """
        told = self.acknowledged.setdefault((account, by), [])
        fresh = [one for one in event_ids if one not in told]
        told += fresh
        return len(fresh)


@attrs.define(eq=False)
class Wall:
    """
    A wall clock that stands still unless moved.
    """

    at: float = NOW

    def now(self) -> float:
        """
        Epoch seconds.
        """
        return self.at

    def monotonic(self) -> float:
        """
        The same.
        """
        return self.at

    def sleep(self, seconds: float) -> Awaitable[None]:
        """
        Nobody sleeps at a door.
        """
        raise AssertionError(seconds)


@attrs.define(eq=False)
class Reply:
    """
    An answer, read.
    """

    status: int
    headers: Mapping[str, str]
    octets: bytes

    @property
    def json(self) -> Any:
        """
        The body as JSON.
        """
        return msgspec.json.decode(self.octets)


@attrs.define(eq=False)
class Front:
    """
    The door, what is behind it, and a way to knock without a socket.
    """

    directory: Directory = attrs.field(factory=directory)
    shelf: Shelf = attrs.field(factory=Shelf)
    stopper: Stopper = attrs.field(factory=Stopper)
    notes: Notes = attrs.field(factory=Notes)
    shown: Shown = attrs.field(factory=Shown)
    inbox: Said = attrs.field(factory=Said)
    steered: Steered = attrs.field(factory=Steered)
    purse: dict[str, Wallet] = attrs.field(factory=dict)
    wall: Wall = attrs.field(factory=Wall)
    metrics: Metrics = attrs.field(factory=Metrics)
    parts: dict[str, bool] = attrs.field(factory=lambda: {"queue": True})
    recorded: float = NOW - 5
    naps: list[float] = attrs.field(factory=list)
    on_nap: Callable[[], None] = attrs.field(default=lambda: None)
    gateway: Any = attrs.field(init=False)
    door: HttpDoor = attrs.field(init=False)
    _agent: RequestTraversalAgent = attrs.field(init=False)
    _nonces: Any = attrs.field(factory=count, init=False)

    def __attrs_post_init__(self) -> None:
        self.gateway = Gateway(
            Acceptance(IdSource(0), self.shelf.put, lambda: None),
            self.stopper,  # type: ignore[arg-type]  # only cancel is used
            self.notes,  # type: ignore[arg-type]  # only note is used
            Rulebook.of(self.directory),
            lambda: self.recorded,
        )
        nonces, numbers = Nonces(), count(1)
        self.door = HttpDoor(
            Messages(self.gateway, self.shown, nonces, self.metrics, self.nap),
            Events(self.shown, nonces),
            Replies(self.inbox, nonces),
            Money(self.wallets, nonces),
            BatchControl(self.steered, nonces),
            Operations(lambda: self.parts, self.metrics),
            Doorkeeper(lambda: self.gateway.directory),
            self.wall,
            self.metrics,
            lambda: f"r{next(numbers)}",
        )
        self._agent = RequestTraversalAgent(self.door.resource())

    async def wallets(self, names: Sequence[str]) -> dict[str, Wallet]:
        """
        As the queue knows them.
        """
        return {name: self.purse.get(name, Wallet()) for name in names}

    def resource(self) -> IResource:
        """
        What a site serves.
        """
        return self.door.resource()

    def outgoing(self) -> Outgoing:
        """
        A client that reaches the door in memory.
        """
        return Outgoing(self._agent, Clock())

    async def nap(self, seconds: float) -> None:
        """
        A handler waits, which takes no time.
        """
        self.naps.append(seconds)
        self.on_nap()

    def flush(self) -> None:
        """
        Deliver what was written after a request waited.
        """
        self._agent.flush()

    def signed(
        self, method: str, path: str, body: bytes = b"", **changes: str
    ) -> dict[str, str]:
        """
        The headers of a signed request; C{changes} spoil it.
        """
        secret = changes.pop("secret", SECRET)
        algorithm = changes.pop("algorithm", "sha256")
        given = {
            "X-App-Id": "his",
            "X-Timestamp": str(int(self.wall.at)),
            "X-Nonce": f"nonce-{next(self._nonces):04d}",
            **{name.replace("_", "-"): value for name, value in changes.items()},
        }
        target, _, query = path.partition("?")
        message = canonical(
            method, target, query, body, given["X-Timestamp"], given["X-Nonce"]
        )
        signature = sign_request(secret, message, algorithm)
        return {"X-Signature": signature, **given}

    def start(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> "Deferred[Reply]":
        """
        Knock; the answer when there is one.
        """
        return Deferred.fromCoroutine(self._ask(method, path, body, headers))

    async def _ask(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> Reply:
        url = f"http://127.0.0.1{path}"
        told = await self.outgoing().ask(method, url, headers, body)
        return Reply(told.status, told.headers, told.body)

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        **changes: str,
    ) -> Reply:
        """
        A signed request and its answer. C{body} is a value or raw octets.
        """
        octets = body if isinstance(body, bytes) else b""
        if body is not None and not isinstance(body, bytes):
            octets = msgspec.json.encode(body)
        whole = {**self.signed(method, path, octets, **changes), **(headers or {})}
        told: list[Reply] = []

        async def keep() -> None:
            told.append(await self._ask(method, path, octets, whole))

        asked = Deferred.fromCoroutine(keep())
        self.flush()
        if not told:
            raise AssertionError(f"no answer yet: {asked}")
        return told[0]
