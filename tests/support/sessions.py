"""
Two sessions that talk to each other in memory.
"""

from typing import Any

import attrs

from smsgw.protocols.cmpp import V30, Connect, ConnectResp, Deliver, Submit
from smsgw.protocols.cmpp_rules import CMPP
from smsgw.protocols.events import Event, LoginRequested
from smsgw.protocols.session import Session


def connect(version: int = V30) -> Connect:
    """
    A login that nobody checks.
    """
    return Connect(
        source_addr="900001",
        authenticator_source=bytes(16),
        version=version,
        timestamp=1021080510,
    )


def submit(content: bytes = b"hello") -> Submit:
    """
    A message to a made-up number.
    """
    return Submit(
        msg_src="900001",
        src_id="10690000",
        dest_terminal_id=("13800138000",),
        msg_content=content,
        msg_fmt=0,
    )


def deliver(msg_id: int = 7) -> Deliver:
    """
    A message from a made-up number.
    """
    return Deliver(
        msg_id=msg_id,
        dest_id="10690000",
        src_terminal_id="13800138000",
        msg_content=b"reply",
    )


@attrs.define(eq=False)
class Pair:
    """
    A client and a server; C{client_events} and C{server_events} are what came.
    """

    client: Session
    server: Session
    now: float = 1000.0

    def to_server(self) -> list[Event]:
        """
        Carry what the client has to send.
        """
        return self.server.receive_data(self.client.data_to_send(), self.now)

    def to_client(self) -> list[Event]:
        """
        Carry what the server has to send.
        """
        return self.client.receive_data(self.server.data_to_send(), self.now)

    def bind(self, version: int = V30) -> list[Event]:
        """
        Log in; what the client was told.
        """
        self.client.open(self.now)
        self.server.open(self.now)
        self.client.login(connect(version), self.now)
        (asked,) = self.to_server()
        assert isinstance(asked, LoginRequested)
        answer = ConnectResp(status=0, version=version)
        self.server.accept_login(asked.sequence, answer, version, self.now)
        return self.to_client()


def pair(version: int = V30, **options: Any) -> Pair:
    """
    Two sessions with equal options, not logged in.
    """
    return Pair(
        Session(CMPP, version, **options),  # type: ignore[arg-type]
        Session(CMPP, version, **options),  # type: ignore[arg-type]
    )


def bound(version: int = V30, **options: Any) -> Pair:
    """
    Two sessions, logged in.
    """
    both = pair(version, **options)
    both.bind(version)
    return both
