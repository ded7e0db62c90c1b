"""
The forms in which values travel to and from the scripts.
"""

from typing import Any

import msgpack
from twisted.trial.unittest import SynchronousTestCase

from smsgw.ports import Admission, Lease, Match, Settle, Up, Verdict, Want
from smsgw.queues.redis_values import (
    admitted,
    claims,
    granted,
    matches,
    pack,
    raised,
    recovered,
    verdict,
)


def rows(*admissions: Admission) -> Any:
    """
    What a script reads of them.
    """
    return msgpack.unpackb(admitted(admissions), raw=True)


class UpTests(SynchronousTestCase):
    """
    What goes up.
    """

    def test_octets_are_raw(self) -> None:
        """
        Scripts know no "bin": octets and text look the same to them.
        """
        self.assertEqual(b"\x92\xa1a\xa2\xff\x00", pack(["a", b"\xff\x00"]))

    def test_admissions(self) -> None:
        """
        Money and limits are there only where there are any.
        """
        plain = Admission("his|1", [], "5", wallet="his")
        billed = Admission("his|1", [], "6", wallet="his", charge=450, floor=-9)
        limited = Admission("his|1", [], "7", limits=[("his|m", 4, 60)])
        few, money, limits = rows(plain, billed, limited)
        self.assertEqual([b"his|1", [], b"5", b"", b"", b"", b"", []], few)
        self.assertEqual([b"his", 450, -9, []], money[8:])
        self.assertEqual([b"", 0, 0, [[b"his|m", 4, 60]]], limits[8:])

    def test_columns(self) -> None:
        """
        Settles are columns by kind, one per message in a wave; wants are rows.
        """
        settles = [
            Settle("open", "m1", "t", b"s", [("cm|a", 0), ("cm|b", 1)]),
            Settle("again", "m2", "u", b"", [("cm|c", 0)], "q", b"e", 5.0, True),
            Settle("end", "m1", "t", spent=450),
        ]
        states = [b"\x00\x01s"], []
        receipts = [("i1", "cm|a", b"body")]
        want = Want("cm", 1, 2, ["q"])
        up = Up(3, 4, settles, receipts, [("i2", b"r")], ["d"], ["o"], [b"f"], [want])
        first, *facts = raised(up)
        packed = msgpack.unpackb(first, raw=True)
        self.assertEqual([b"ff"], facts)
        again = [[b"m2"], [2], [1], [b"cm|c"], [], [], [b"q", b"e", 5.0, True]]
        self.assertEqual([b"t", b"u"], packed[2])
        self.assertEqual(
            [
                [
                    [b"open", [b"m1"], [1], [2], [b"cm|a", b"cm|b"], [0, 1], *states],
                    [b"again", *again],
                ],
                [[b"end", [b"m1"], [1], [0], [], [], [], [450]]],
            ],
            packed[3],
        )
        self.assertEqual([[b"i1"], [b"cm|a"], [b"r\x00\x04cm|abody"]], packed[4])
        self.assertEqual([b"i2", b"ir"], packed[5])
        self.assertEqual([b"cm", 1, 2, [b"q"], 0, 0], packed[8][0])


class DownTests(SynchronousTestCase):
    """
    What comes back.
    """

    def test_leases(self) -> None:
        """
        New ones without a state, recovered ones with it.
        """
        rows = [[b"cm", [b"e1", b"e2"], [1, 0], [2, b"expired"]]]
        self.assertEqual(
            [Lease("cm", 1, "", b"e1"), Lease("cm", 0, "expired", b"e2")],
            granted(rows),
        )
        self.assertEqual(Lease("", 0, "", b"e", b"st"), recovered(b"\x00\x02ste"))

    def test_matches(self) -> None:
        """
        In the order of the receipts.
        """
        found = [b"open", b"m|1|2", b"\x00\x01se", b"orphan", b"", b""]
        self.assertEqual(
            [
                Match("i1", "open", b"b1", "m|1", 2, b"s", b"e"),
                Match("i2", "orphan", b"b2"),
            ],
            matches([("i1", b"b1"), ("i2", b"b2")], found),
        )

    def test_claims(self) -> None:
        """
        Bodies of receipts that were kept are in what was kept.
        """
        kept = [[b"i1"], [b"r\x00\x04cm|abody"], [b"double", b"", b""]]
        self.assertEqual([Match("i1", "double", b"body")], claims(kept))

    def test_verdicts(self) -> None:
        """
        Each kind has what belongs to it.
        """
        self.assertEqual(Verdict("accepted"), verdict([b"accepted"]))
        self.assertEqual(Verdict("replay", b"a"), verdict([b"replay", b"a"]))
        self.assertEqual(Verdict("funds"), verdict([b"funds"]))
        quota = verdict([b"quota", b"", [], 2])
        self.assertEqual(Verdict("quota", limit=2), quota)
        known = verdict([b"known", b"", [0, b"m1", 1, 3, b"m2", 0]])
        self.assertEqual([(0, "m1", True), (3, "m2", False)], known.known)
