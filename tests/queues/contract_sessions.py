"""
What keeps the console's sessions, whoever it is.
"""

from typing import Any

from twisted.trial.unittest import TestCase

__all__ = ["SessionsContract"]


class SessionsContract(TestCase):
    """
    C{make} gives an empty keeper.
    """

    async def make(self) -> Any:
        """
        See the class.
        """
        raise NotImplementedError

    async def test_kept_until_dropped(self) -> None:
        """
        By its name, replaced as a whole.
        """
        sessions = await self.make()
        self.assertEqual(b"", await sessions.find("a"))
        await sessions.keep("a", "liu", b"one", 60)
        await sessions.keep("a", "liu", b"two", 60)
        self.assertEqual(b"two", await sessions.find("a"))
        await sessions.drop(["a", "unknown"], "liu")
        self.assertEqual(b"", await sessions.find("a"))

    async def test_a_persons(self) -> None:
        """
        So that all of them can be ended.
        """
        sessions = await self.make()
        await sessions.keep("a", "liu", b"one", 60)
        await sessions.keep("b", "liu", b"two", 60)
        await sessions.keep("c", "zhang", b"three", 60)
        self.assertEqual({"a": b"one", "b": b"two"}, await sessions.of("liu"))
        await sessions.drop(["a", "b"], "liu")
        self.assertEqual({}, await sessions.of("liu"))
        self.assertEqual({"c": b"three"}, await sessions.of("zhang"))

    async def test_what_ended_is_not_renewed(self) -> None:
        """
        A session that is gone does not come back.
        """
        sessions = await self.make()
        await sessions.keep("a", "liu", b"one", 60)
        await sessions.renew("a", 120)
        await sessions.renew("b", 120)
        self.assertEqual(b"one", await sessions.find("a"))
        self.assertEqual(b"", await sessions.find("b"))
