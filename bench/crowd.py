"""
The people of the C{peak} scenario, in a process of their own: each keeps a live page
open and turns to another page now and then. C{python -m bench.crowd} reads what to do
and tells what it saw as JSON; the load source's process stays out of it.
"""

import asyncio
import json
import re
import resource
import sys
import time
import zlib
from collections.abc import Callable
from random import Random
from typing import Any

import attrs

from smsgw.admin.request import COOKIE
from smsgw.cli.proving.delays import percentile

__all__ = ["KINDS", "Answer", "Crowd", "Orders", "main"]

LIVE = "/live/overview"
LATE = 30.0  # seconds after which a page is given up
#: How often of a hundred each kind of page is asked for.
KINDS = {
    "overview": 30,
    "messages": 20,
    "search": 15,
    "message": 15,
    "reports": 10,
    "replies": 6,
    "monitor": 4,
}
_PATHS = {"overview": "/", "messages": "/messages", "reports": "/reports"} | {
    "replies": "/replies",
    "monitor": "/monitor",
}
_NAMED = re.compile(rb'href="/messages/([0-9A-Z]{13})"')
_AT = re.compile(rb"^id: (\d+)$", re.MULTILINE)


@attrs.frozen
class Orders:
    """
    The console's port, (cookie, kinds of pages) of each person, how long, and the
    seconds between one person's pages.
    """

    port: int
    people: list[tuple[str, list[str]]]
    seconds: float
    think: float


class Answer:
    """
    One HTTP answer as it comes; C{done} once it is whole.
    """

    def __init__(self) -> None:
        self.status = 0
        self.data = bytearray()
        self.done = False
        self._start = self._size = 0
        self._chunked = False

    def feed(self, data: bytes) -> bool:
        """
        Some more of it; whether it is whole now.
        """
        self.data += data
        if not self.status and (end := self.data.find(b"\r\n\r\n")) >= 0:
            head = bytes(self.data[:end]).lower()
            self.status, self._start = int(head[9:12]), end + 4
            self._chunked = b"transfer-encoding: chunked" in head
            if found := re.search(rb"content-length: *(\d+)", head):
                self._size = int(found[1])
        if self.status and self._chunked:
            self.done = self.data.endswith(b"\r\n0\r\n\r\n")
        elif self.status:
            self.done = len(self.data) >= self._start + self._size
        return self.done


class Reader(asyncio.Protocol):
    """
    A connection for pages, one after another.
    """

    def __init__(self) -> None:
        self.answer = Answer()
        self.lost = False
        self._waiting: asyncio.Future[None] | None = None
        self._transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if self.answer.feed(data):
            self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True
        self._wake()

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    async def get(self, request: bytes) -> Answer:
        """
        A page.
        """
        self.answer = Answer()
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        await asyncio.wait_for(self._waiting, LATE)
        return self.answer

    def close(self) -> None:
        """
        Hang up.
        """
        self._transport.abort()


class Watcher(asyncio.Protocol):
    """
    A live page: events are counted by their ends and timed by their ids, unread.
    """

    def __init__(self, request: bytes, crowd: "Crowd") -> None:
        self._request, self._crowd = request, crowd
        self._transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._crowd.octets += len(data)
        for found in _AT.finditer(data):
            self._crowd.events += 1
            self._crowd.lags.append(time.time() - int(found[1]) / 1000)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._crowd.over:
            self._crowd.fault("a live page ended")

    def close(self) -> None:
        """
        Hang up.
        """
        self._transport.abort()


class Crowd:
    """
    All of them; C{told} is what they saw.
    """

    def __init__(self, orders: Orders) -> None:
        self.orders = orders
        self.latencies: dict[str, list[float]] = {}
        self.lags: list[float] = []
        self.faults: dict[str, int] = {}
        self.events = self.octets = 0
        self.over = False
        self._before = 0.0
        self._chance = Random(5)
        self._names: list[str] = []

    def fault(self, words: str) -> None:
        """
        Count it.
        """
        self.faults[words] = self.faults.get(words, 0) + 1

    async def run(self, ready: Callable[[], None]) -> None:
        """
        Open every live page, say so, then turn pages until it is over.
        """
        watchers = []
        for ticket, _ in self.orders.people:
            link = await self._connect(
                lambda it=ticket: Watcher(_request(LIVE, it), self),  # type: ignore
                ticket,
            )
            watchers.append(link)
        await asyncio.sleep(2.5)
        self.lags.clear()
        self.events = self.octets = 0
        self._before = _cpu()
        ready()
        until = time.monotonic() + self.orders.seconds
        await asyncio.gather(
            *(self._turn(ticket, kinds, until) for ticket, kinds in self.orders.people)
        )
        await asyncio.sleep(max(0.0, until - time.monotonic()))
        self.over = True
        for link in watchers:
            link.close()

    async def _turn(self, ticket: str, kinds: list[str], until: float) -> None:
        """
        One person's pages.
        """
        think = self.orders.think
        link: Reader | None = None
        pause = self._chance.uniform(0, think)
        while time.monotonic() + pause < until:
            await asyncio.sleep(pause)
            kind = self._chance.choices(kinds, [KINDS[one] for one in kinds])[0]
            began = time.monotonic()
            try:
                if link is None or link.lost:
                    link = await self._connect(Reader, ticket)
                self._seen(kind, await link.get(_request(self._path(kind), ticket)))
            except (OSError, TimeoutError) as error:
                self.fault(f"{kind}: {type(error).__name__}")
                link = None
            self.latencies.setdefault(kind, []).append(time.monotonic() - began)
            pause = self._chance.uniform(0.5, 1.5) * think
        if link is not None:
            link.close()

    def _seen(self, kind: str, answer: Answer) -> None:
        if not answer.done or answer.status != 200:
            self.fault(f"{kind}: {answer.status if answer.done else 'cut off'}")
        elif kind == "messages":
            self._names = [one.decode() for one in _NAMED.findall(answer.data)]

    def _path(self, kind: str) -> str:
        if kind == "message" and self._names:
            return f"/messages/{self._chance.choice(self._names)}"
        if kind == "search":
            return f"/messages?to=139{self._chance.randrange(30_000) * 3:08}"
        return _PATHS.get(kind, "/messages")

    async def _connect(self, protocol: Callable[[], Any], ticket: str) -> Any:
        """
        From an address of their own, as people at their desks.
        """
        place = zlib.crc32(ticket.encode())
        desk = (f"127.0.{place % 200 + 1}.{place // 200 % 200 + 1}", 0)
        loop = asyncio.get_running_loop()
        _, link = await loop.create_connection(
            protocol, "127.0.0.1", self.orders.port, local_addr=desk
        )
        return link

    def told(self) -> dict[str, Any]:
        """
        Milliseconds of pages by kind, of events since they were drawn, faults, and
        what this process cost.
        """
        every = [one for times in self.latencies.values() for one in times]
        return {
            "pages": len(every),
            "page_ms": spread(every),
            "page_ms_by_kind": {
                kind: spread(times) for kind, times in sorted(self.latencies.items())
            },
            "events": self.events,
            "event_lag_ms": spread(self.lags),
            "event_octets": self.octets,
            "faults": self.faults,
            "crowd_cpu_seconds": round(_cpu() - self._before, 1),
            "crowd_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def spread(seconds: list[float]) -> dict[str, float]:
    """
    Milliseconds that so many of a hundred did not exceed.
    """
    return {
        f"p{share}": round(percentile(seconds, share / 100) * 1000, 1)
        for share in (50, 95, 99)
    }


def _request(page: str, ticket: str) -> bytes:
    return (
        f"GET {page} HTTP/1.1\r\nHost: console\r\nCookie: {COOKIE}={ticket}\r\n\r\n"
    ).encode()


def main() -> int:
    """
    Orders on a line of standard input; a line when all watch, a line of figures.
    """
    crowd = Crowd(Orders(**json.loads(sys.stdin.readline())))
    asyncio.run(crowd.run(lambda: print("ready", flush=True)))
    print(json.dumps(crowd.told()), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
