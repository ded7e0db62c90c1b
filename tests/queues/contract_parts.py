"""
What keeps the parts of long messages, whoever it is.
"""

from typing import Any

from twisted.trial.unittest import TestCase

from smsgw.message import Piece

__all__ = ["PartsContract"]

NOW = 1_790_000_000.0


class PartsContract(TestCase):
    """
    C{make} gives an empty keeper.
    """

    async def make(self) -> Any:
        """
        See the class.
        """
        raise NotImplementedError

    async def test_whole_when_all_are_there(self) -> None:
        """
        In any order; the bodies come back in theirs, and again until dropped.
        """
        parts = await self.make()
        third = Piece("a", 3, 3, b"three")
        self.assertEqual([[]], await parts.keep([third], NOW))
        rest = [Piece("a", 1, 3, b"\x00one"), Piece("b", 1, 2, b"other")]
        self.assertEqual([[], []], await parts.keep(rest, NOW + 1))
        whole = [(b"\x00one", b""), (b"two", b"n2"), (b"three", b"")]
        second = Piece("a", 2, 3, b"two", b"n2")
        self.assertEqual([whole], await parts.keep([second], NOW + 2))
        self.assertEqual([whole], await parts.keep([third], NOW + 3))
        await parts.drop(["a"])
        self.assertEqual([[]], await parts.keep([third], NOW + 4))

    async def test_a_repeat_changes_nothing(self) -> None:
        """
        A call whose answer was lost may be made again; the newest note counts.
        """
        parts = await self.make()
        for note in (b"", b"n1", b"n2"):
            piece = Piece("a", 1, 2, b"x", note)
            self.assertEqual([[]], await parts.keep([piece], NOW))
        self.assertEqual([("a", [(b"x", b"n2")])], await parts.begun(NOW))

    async def test_what_never_became_whole(self) -> None:
        """
        The oldest can be found by their time, with what there is of them.
        """
        parts = await self.make()
        await parts.keep([Piece("a", 2, 3, b"2"), Piece("a", 1, 3, b"1")], NOW)
        await parts.keep([Piece("b", 1, 2, b"1")], NOW + 10)
        self.assertEqual([], await parts.begun(NOW - 1))
        there = [(b"1", b""), (b"2", b"")]
        self.assertEqual([("a", there)], await parts.begun(NOW + 9))
        self.assertEqual(2, len(await parts.begun(NOW + 10)))
        self.assertEqual(1, len(await parts.begun(NOW + 10, 1)))
        await parts.drop(["a", "b"])
        await parts.drop([])
        self.assertEqual([], await parts.begun(NOW + 10))

    async def test_a_reference_used_again(self) -> None:
        """
        A part with another body begins a new message; the older one is not lost.
        """
        parts = await self.make()
        await parts.keep([Piece("a", 1, 2, b"old")], NOW)
        self.assertEqual([[]], await parts.keep([Piece("a", 1, 2, b"new")], NOW + 60))
        whole = await parts.keep([Piece("a", 2, 2, b"end")], NOW + 61)
        self.assertEqual([[(b"new", b""), (b"end", b"")]], whole)
        ((aside, bodies),) = await parts.begun(NOW)
        self.assertEqual([(b"old", b"")], bodies)
        self.assertNotEqual("a", aside)
