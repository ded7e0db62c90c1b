"""
Tests for L{smsgw.frontends.http.hall}.
"""

from twisted.logger import capturedLogs

from smsgw.frontends.http.hall import Hall


def test_an_address_has_so_many() -> None:
    """
    One that ends makes room for one; a socket without address is nobody's.
    """
    hall = Hall(each=2)
    assert [True, True, False] == [hall.enter("a") for _ in range(3)]
    assert all(hall.enter("") for _ in range(4))
    assert hall.enter("b")
    hall.leave("a")
    assert [True, False] == [hall.enter("a") for _ in range(2)]


def test_all_have_so_many() -> None:
    """
    Whoever they are.
    """
    hall = Hall(most=3)
    assert [True, True, True, False] == [hall.enter(one) for one in ("a", "b", "", "c")]
    hall.leave("")
    assert hall.enter("c")
    assert 3 == hall.held


def test_it_is_told_once() -> None:
    """
    For each address and for all; again after they went.
    """
    hall = Hall(each=1, most=2)
    with capturedLogs() as lines:
        for _ in range(2):
            assert hall.enter("a")
            assert [False] * 2 == [hall.enter("a") for _ in range(2)]
            hall.leave("a")
        for host in "abcd":
            hall.enter(host)
        for host in "ab":
            hall.leave(host)
        for host in "abc":
            hall.enter(host)

    assert ["a", "a", "the door", "the door"] == [line["host"] for line in lines]


def test_bodies_under_way() -> None:
    """
    All together, unless no bound is set.
    """
    hall = Hall(octets=10)
    assert [True, False, True] == [hall.weigh(by) for by in (10, 1, -5)]
    assert 6 == hall.weight
    assert Hall().weigh(10**12)
