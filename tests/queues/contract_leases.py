"""
What all leases keep to, whoever keeps them.
"""

from typing import Any

from twisted.trial.unittest import TestCase

from smsgw.queues.leases import Granted

__all__ = ["LeasesContract"]


class LeasesContract(TestCase):
    """
    C{make} gives leases that nobody has yet; C{run_out} lets time pass till all have
    run out.
    """

    async def make(self) -> Any:
        """
        See the class.
        """
        raise NotImplementedError

    async def run_out(self) -> None:
        """
        See the class.
        """
        raise NotImplementedError

    async def test_one_has_it(self) -> None:
        """
        Who took it renews it, under the same epoch; nobody else gets it.
        """
        leases = await self.make()
        self.assertEqual(Granted({"a": 1}, 1), await leases.take("n1", [["a"]]))
        self.assertEqual(Granted({}, 1), await leases.take("n2", [["a"]]))
        self.assertEqual(
            Granted({"a": 1, "b": 1}, 1), await leases.take("n1", [["a"], ["b"]])
        )

    async def test_one_of_several(self) -> None:
        """
        Each gets another name, and later the same one again.
        """
        leases, names = await self.make(), ["id0", "id1"]
        self.assertEqual({"id0": 1}, (await leases.take("n1", [names])).names)
        self.assertEqual(Granted({"id1": 1}, 2), await leases.take("n2", [names]))
        self.assertEqual(Granted({}, 2), await leases.take("n3", [names]))
        await leases.give_back("n1", ["id0"])
        self.assertEqual({"id1": 1}, (await leases.take("n2", [names])).names)

    async def test_taken_over(self) -> None:
        """
        What has run out is free, under a higher epoch; its holder before knows.
        """
        leases = await self.make()
        await leases.take("n1", [["a"]])
        await self.run_out()
        self.assertEqual(Granted({"a": 2}, 1), await leases.take("n2", [["a"]]))
        self.assertEqual(Granted({}, 1), await leases.take("n1", [["a"]]))

    async def test_late_renewal(self) -> None:
        """
        Who is late goes on if nobody else came.
        """
        leases = await self.make()
        await leases.take("n1", [["a"]])
        await self.run_out()
        self.assertEqual({"a": 1}, (await leases.take("n1", [["a"]])).names)
        self.assertEqual({}, (await leases.take("n2", [["a"]])).names)

    async def test_given_back(self) -> None:
        """
        It is free at once, under a higher epoch; others' are left alone.
        """
        leases = await self.make()
        await leases.take("n1", [["a"]])
        await leases.take("n2", [["b"]])
        await leases.give_back("n1", ["a", "b", "none"])
        self.assertEqual(
            Granted({"a": 2, "b": 1}, 1), await leases.take("n2", [["a"], ["b"]])
        )
        await leases.give_back("n2", ["a"])
        self.assertEqual({"a": 3}, (await leases.take("n2", [["a"]])).names)
