"""
Tests for L{smsgw.cli.proving.source}.
"""

import socket
import threading
from collections.abc import Iterator

import pytest

from smsgw.cli.proving.source import Source, bearer, signed

YES = b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}"
NO = b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n"


class Door:
    """
    Answers each request of one connection with the next of its answers.
    """

    def __init__(self, *answers: bytes) -> None:
        self.answers = answers
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.got: list[bytes] = []
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        link, _ = self.listener.accept()
        with link:
            for answer in self.answers:
                self.got.append(link.recv(65536))
                link.sendall(answer)

    def close(self) -> None:
        """
        Nothing comes any more.
        """
        self.thread.join(5)
        self.listener.close()


@pytest.fixture
def door() -> Iterator[Door]:
    """
    One that accepts, then refuses.
    """
    made = Door(YES, NO)
    yield made
    made.close()


@pytest.mark.real
def test_what_is_refused_once_is_an_error(door: Door) -> None:
    """
    Each body is posted one time with the key, until one is refused.
    """
    source = Source(door.port, bearer("k", "/v1/messages"), [b"{}", b"[]"], 1)
    with pytest.raises(ConnectionError, match="429"):
        source.once()
    assert [b"{}", b"[]"] == [one[-2:] for one in door.got]
    assert b"Authorization: Bearer k\r\n" in door.got[0]


def test_requests_are_signed_one_by_one() -> None:
    """
    Two requests of one body have two nonces and two signatures.
    """
    head = signed("his", "secret", "/v1/messages")
    first, second = (
        {line for line in head(b"{}").split(b"\r\n") if line.startswith(b"X-")}
        for _ in range(2)
    )
    assert {b"X-App-Id", b"X-Timestamp", b"X-Nonce", b"X-Signature"} == {
        line.partition(b":")[0] for line in first
    }
    assert 2 <= len(first - second)


def test_percentiles_are_milliseconds() -> None:
    """
    The share of answers that came so soon.
    """
    source = Source(1, bearer("k", "/"), [], 1)
    assert 0.0 == source.percentile(0.99)
    source.latencies = [n / 1000 for n in range(100, 0, -1)]
    assert (51.0, 100.0) == (source.percentile(0.5), source.percentile(0.99))
