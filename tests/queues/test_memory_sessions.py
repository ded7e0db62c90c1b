"""
The contract on L{MemorySessions}, and the end that the clock brings.
"""

from smsgw.queues.memory_sessions import MemorySessions
from tests.queues.contract_sessions import SessionsContract
from tests.support.record import now_or_never


class MemorySessionsTests(SessionsContract):
    """
    All of it, in memory.
    """

    async def make(self) -> MemorySessions:
        """
        An empty one.
        """
        return MemorySessions(lambda: 0.0)


del SessionsContract


def test_a_session_ends_by_itself() -> None:
    """
    So many seconds after it was kept or renewed.
    """
    times = [0.0]
    sessions = MemorySessions(lambda: times[0])
    now_or_never(sessions.keep("a", "liu", b"one", 60))
    times[0] = 59.0
    now_or_never(sessions.renew("a", 60))
    times[0] = 118.0
    assert now_or_never(sessions.find("a")) == b"one"
    times[0] = 119.0
    assert now_or_never(sessions.find("a")) == b""
    assert now_or_never(sessions.of("liu")) == {}
