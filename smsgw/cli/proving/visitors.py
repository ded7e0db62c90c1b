"""
People at the console: thousands are logged in, some watch a live page, the others turn
pages now and then.
"""

import contextlib
import hashlib
import http.client
import itertools
import secrets
import selectors
import socket
import threading
import time
import zlib
from collections.abc import Iterator, Sequence

import msgspec

from smsgw.admin.entrance import FIRST, Session
from smsgw.admin.request import COOKIE
from smsgw.cli.proving.delays import percentile
from smsgw.cli.stage import Stage
from smsgw.queues.valkey_files import ValkeyFiles
from smsgw.security.passwords import hash_password, one_time
from smsgw.storage.database import make_engine
from smsgw.storage.logins import set_password

__all__ = ["LIVE", "Visitors", "admit", "logged_in"]

#: A page each minute and person; one person in ten watches.
EACH, WATCHING, THREADS = 60.0, 10, 8
PAGES = ("/", "/messages", "/reports", "/batches", "/reports?by=channel", "/monitor")
LIVE = "/live/overview"
_LONG = 3600


def admit(stage: Stage) -> None:
    """
    The first person has a password and need not change it: before the gateway starts.
    """
    engine = make_engine(f"sqlite:///{stage.folder / 'data' / 'record.sqlite'}")
    with engine.connect() as connection:
        connection.execution_options(writes=True)
        with connection.begin():
            hashed = hash_password(one_time())
            set_password(connection, FIRST, hashed, False, "bench", time.time())
    engine.dispose()


def logged_in(stage: Stage, count: int) -> list[str]:
    """
    So many sessions, straight into the store: logging in that often would take
    minutes, on purpose. What browsers hold.
    """
    tickets = [secrets.token_urlsafe(32) for _ in range(count)]
    with socket.socket(socket.AF_UNIX) as link:
        link.settimeout(30)
        link.connect(str(ValkeyFiles.prepare(stage.folder / "data").socket))
        stream = link.makefile("rb")
        for ticket in tickets:
            now = time.time()
            session = Session(FIRST, "token", now, "127.0.0.1", "bench", now)
            name = hashlib.sha256(ticket.encode()).hexdigest()
            words = (b"SET", f"console:session:{name}".encode())
            body = msgspec.json.encode(session)
            link.sendall(_command(*words, body, b"EX", str(_LONG).encode()))
            if stream.readline() != b"+OK\r\n":
                raise ConnectionError("a session was not taken")
    return tickets


def _command(*words: bytes) -> bytes:
    parts = b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)
    return b"*%d\r\n%s" % (len(words), parts)


class Visitors(threading.Thread):
    """
    A browser for each ticket, with a connection of its own, for some seconds.
    C{latencies} are the pages' seconds, C{faults} what was no page.
    """

    def __init__(self, port: int, tickets: Sequence[str], seconds: float) -> None:
        super().__init__(daemon=True)
        self.port, self.seconds = port, seconds
        watching = len(tickets) // WATCHING
        self.watchers, self.readers = tickets[:watching], tickets[watching:]
        self.latencies: list[float] = []
        self.faults: list[str] = []
        self.seen = 0
        self._links: dict[str, socket.socket] = {}
        self._turn = threading.Lock()

    @property
    def pages_p95_ms(self) -> float:
        """
        What 95 of 100 pages did not exceed.
        """
        return round(percentile(self.latencies, 0.95) * 1000, 1)

    def run(self) -> None:
        with contextlib.ExitStack() as ending:
            ending.callback(self._hang_up)
            for ticket in (*self.watchers, *self.readers):
                self._links[ticket] = self._connect(ticket)
            began = time.monotonic()
            due = self._due(began)
            threads = [threading.Thread(target=self._watch, args=(began,))]
            threads += [
                threading.Thread(target=self._read, args=(due,)) for _ in range(THREADS)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            if closed := sum(_closed(link) for link in self._links.values()):
                self.faults.append(f"{closed} connections were closed")

    def _connect(self, ticket: str) -> socket.socket:
        """
        From an address of their own, as people at their desks: a door takes only so
        many connections from one.
        """
        place = zlib.crc32(ticket.encode())
        desk = (f"127.0.{place % 200 + 1}.{place // 200 % 200 + 1}", 0)
        where = ("127.0.0.1", self.port)
        return socket.create_connection(where, timeout=30, source_address=desk)

    def _hang_up(self) -> None:
        for link in self._links.values():
            link.close()

    def _due(self, began: float) -> Iterator[tuple[float, str, str]]:
        """
        When, who, which page.
        """
        many = round(len(self.readers) / EACH * self.seconds)
        pace = self.seconds / max(1, many)
        turns = zip(itertools.cycle(self.readers), itertools.cycle(PAGES), strict=False)
        for turn, (ticket, page) in enumerate(itertools.islice(turns, many)):
            yield began + turn * pace, ticket, page

    def _read(self, due: Iterator[tuple[float, str, str]]) -> None:
        while True:
            with self._turn:
                turn = next(due, None)
            if turn is None:
                return
            at, ticket, page = turn
            time.sleep(max(0.0, at - time.monotonic()))
            began = time.monotonic()
            try:
                self._turn_page(ticket, page)
            except (OSError, http.client.HTTPException) as error:
                self.faults.append(f"{page}: {error}")
            self.latencies.append(time.monotonic() - began)

    def _turn_page(self, ticket: str, page: str) -> None:
        """
        As browsers do: a connection that was ended for idling is made anew.
        """
        try:
            self._page(ticket, page)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self._links[ticket].close()
            self._links[ticket] = self._connect(ticket)
            self._page(ticket, page)

    def _page(self, ticket: str, page: str) -> None:
        link = self._links[ticket]
        link.sendall(_request(page, ticket))
        answer = http.client.HTTPResponse(link)
        answer.begin()
        size = len(answer.read())
        if answer.status != 200 or not size:
            raise ConnectionError(f"{answer.status}")

    def _watch(self, began: float) -> None:
        """
        Live pages: whatever comes is read and counted.
        """
        with selectors.DefaultSelector() as selector:
            for ticket in self.watchers:
                link = self._links[ticket]
                link.sendall(_request(LIVE, ticket))
                selector.register(link, selectors.EVENT_READ)
            while time.monotonic() - began < self.seconds and selector.get_map():
                for key, _ in selector.select(0.2):
                    link = self._links_of(key)
                    data = link.recv(262144)
                    self.seen += data.count(b"event: shown")
                    if not data:
                        selector.unregister(link)
                        self.faults.append("a live page ended")

    def _links_of(self, key: selectors.SelectorKey) -> socket.socket:
        link = key.fileobj
        if not isinstance(link, socket.socket):
            raise TypeError(link)
        return link


def _closed(link: socket.socket) -> bool:
    """
    Whether the other end has gone.
    """
    link.setblocking(False)
    try:
        return not link.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except OSError:
        return True


def _request(page: str, ticket: str) -> bytes:
    return (
        f"GET {page} HTTP/1.1\r\nHost: console\r\nCookie: {COOKIE}={ticket}\r\n\r\n"
    ).encode()
