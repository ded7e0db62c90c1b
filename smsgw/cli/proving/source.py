"""
The load source: connections that post prepared bodies as fast as answers come.
"""

import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterator

from smsgw.security.signing import canonical, sign_request

__all__ = ["Head", "Source", "bearer", "signed"]

Head = Callable[[bytes], bytes]


def bearer(key: str, path: str) -> Head:
    """
    Requests with a bearer key.
    """

    def head(body: bytes) -> bytes:
        return (
            f"POST {path} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode()

    return head


def signed(app_id: str, secret: str, path: str) -> Head:
    """
    Requests signed one by one.
    """
    numbers = itertools.count()

    def head(body: bytes) -> bytes:
        now, nonce = str(int(time.time())), f"bench-{time.time_ns()}-{next(numbers)}"
        signature = sign_request(secret, canonical("POST", path, "", body, now, nonce))
        return (
            f"POST {path} HTTP/1.1\r\nHost: gateway\r\nX-App-Id: {app_id}\r\n"
            f"X-Timestamp: {now}\r\nX-Nonce: {nonce}\r\nX-Signature: {signature}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode()

    return head


class Source:
    """
    So many connections that post; counts answers and their latency.
    """

    def __init__(
        self, port: int, head: Head, bodies: list[bytes], connections: int
    ) -> None:
        self.port, self.head, self.bodies = port, head, bodies
        self.connections = connections
        self.answered = 0
        self.refused: list[bytes] = []
        self.latencies: list[float] = []
        self._turn = threading.Lock()

    def forget(self) -> None:
        """
        Count from nothing.
        """
        self.answered = 0
        self.refused, self.latencies = [], []

    def run(self, seconds: float, pace: float = 0.0) -> float:
        """
        Post until then, as fast as answers come or so many requests a second, made up
        for where answers were late; the seconds it took.
        """
        began = time.monotonic()
        tickets = self._tickets(began, began + seconds, pace)
        threads = [
            threading.Thread(target=self._post, args=(n, tickets))
            for n in range(self.connections)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.monotonic() - began

    def _tickets(self, began: float, until: float, pace: float) -> Iterator[float]:
        """
        When each request is due.
        """
        if not pace:
            while (now := time.monotonic()) < until:
                yield now
            return
        for turn in range(int((until - began) * pace)):
            yield began + turn / pace

    def once(self) -> None:
        """
        Post each body one time.
        """
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as link:
            for body in self.bodies:
                link.sendall(self.head(body) + body)
                status = _read(link)
                if not status.startswith(b"HTTP/1.1 202"):
                    raise ConnectionError(status.decode())

    def _post(self, number: int, tickets: Iterator[float]) -> None:
        try:
            self._post_on(number, tickets)
        except OSError as error:
            self.refused.append(f"no answer: {error}".encode())

    def _post_on(self, number: int, tickets: Iterator[float]) -> None:
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as link:
            for turn in itertools.count(number):
                with self._turn:
                    due = next(tickets, None)
                if due is None:
                    return
                time.sleep(max(0.0, due - time.monotonic()))
                body = self.bodies[turn % len(self.bodies)]
                sent = time.monotonic()
                link.sendall(self.head(body) + body)
                status = _read(link)
                self.latencies.append(time.monotonic() - sent)
                if status.startswith(b"HTTP/1.1 202"):
                    self.answered += 1
                else:
                    self.refused.append(status)

    def percentile(self, share: float) -> float:
        """
        Milliseconds.
        """
        ordered = sorted(self.latencies)
        place = min(len(ordered) - 1, int(len(ordered) * share))
        return round(ordered[place] * 1000, 2) if ordered else 0.0


def _read(link: socket.socket) -> bytes:
    """
    One answer; its status line.
    """
    data = b""
    while b"\r\n\r\n" not in data:
        more = link.recv(262144)
        if not more:
            raise ConnectionError("closed")
        data += more
    head, _, rest = data.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    size = next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
    left = size - len(rest)
    while left > 0:
        left -= len(link.recv(min(left, 262144)))
    return head.partition(b"\r\n")[0]
