"""
The way in: right and wrong passwords, codes, sessions that end.
"""

import pyotp

from smsgw.admin.entrance import FIRST, Entrance, first_password
from smsgw.storage.logins import TRIES, set_seed
from tests.support.console import PASSWORD, House
from tests.support.record import FIELDS, now_or_never

HERE = ("10.0.0.1", "browser")


def enter(house: House, person: str, password: str, code: str = "") -> tuple[str, str]:
    """
    Try to get in.
    """
    entrance = Entrance(house.desk)
    return now_or_never(entrance.enter(person, password, code, *HERE))


def test_only_the_right_password(house: House) -> None:
    """
    Unknown people and people without a role are told the same.
    """
    house.allow("liu")
    house.allow("gone")
    assert enter(house, "liu", PASSWORD)[0]
    tries = [("liu", "wrong"), ("gone", PASSWORD), ("nobody-at-all", PASSWORD)]
    assert [("", "wrong")] * 3 == [enter(house, *one) for one in tries]


def test_too_many_tries_lock(house: House) -> None:
    """
    Even the right password, for a while.
    """
    house.allow("liu")
    for _ in range(TRIES):
        assert ("", "wrong") == enter(house, "liu", "wrong")
    assert ("", "locked") == enter(house, "liu", PASSWORD)
    house.wall.at += 901
    assert enter(house, "liu", PASSWORD)[0]


def test_one_time_codes(house: House) -> None:
    """
    Asked for once enrolled, and good for one login.
    """
    house.allow("liu")
    seed = pyotp.random_base32()
    code = pyotp.TOTP(seed).at(int(house.wall.at))
    entrance = Entrance(house.desk)
    assert not now_or_never(entrance.enrol("liu", seed, "000000"))
    assert now_or_never(entrance.enrol("liu", seed, code))
    assert ("", "code") == enter(house, "liu", PASSWORD)
    assert enter(house, "liu", PASSWORD, code)[0]
    assert ("", "code") == enter(house, "liu", PASSWORD, code)


def test_sessions_end(house: House) -> None:
    """
    When nobody uses them, and after a working day in any case.
    """
    house.allow("liu")
    entrance = Entrance(house.desk)
    ticket, _ = enter(house, "liu", PASSWORD)
    for _ in range(30):
        house.wall.at += 20 * 60
        assert now_or_never(entrance.find(ticket)) is not None
    house.wall.at += 31 * 60
    assert now_or_never(entrance.find(ticket)) is None
    ticket, _ = enter(house, "liu", PASSWORD)
    for _ in range(36):
        house.wall.at += 20 * 60
        now_or_never(entrance.find(ticket))
    house.wall.at += 20 * 60
    assert now_or_never(entrance.find(ticket)) is None


def test_the_store_holds_no_tickets(house: House) -> None:
    """
    Whoever reads the store cannot log in with it.
    """
    house.allow("liu")
    ticket, _ = enter(house, "liu", PASSWORD)
    names = now_or_never(house.desk.sessions.of("liu"))
    assert names
    assert ticket not in names
    assert now_or_never(Entrance(house.desk).find(next(iter(names)))) is None


def test_changing_the_password(house: House) -> None:
    """
    The old one proves who it is; all sessions end.
    """
    house.allow("liu", must_change=True)
    entrance = Entrance(house.desk)
    assert "password" == now_or_never(entrance.owes("liu"))
    enter(house, "liu", PASSWORD)
    new = "Other-river-43"
    told = [
        now_or_never(entrance.change("liu", *one))
        for one in (
            ("wrong", new, new),
            (PASSWORD, new, "other"),
            (PASSWORD, "short", "short"),
            (PASSWORD, PASSWORD, PASSWORD),
            (PASSWORD, new, new),
        )
    ]
    assert ["wrong", "differ", "short", "same", ""] == told
    assert {} == now_or_never(house.desk.sessions.of("liu"))
    assert "" == now_or_never(entrance.owes("liu"))
    house.wall.at += 91 * 86_400
    assert "password" == now_or_never(entrance.owes("liu"))


def test_the_first_password(house: House) -> None:
    """
    Made once, to be changed; C{admin} needs no entry among people.
    """
    password = now_or_never(first_password(house.desk))
    assert password
    assert "" == now_or_never(first_password(house.desk))
    assert enter(house, FIRST, password)[0]
    assert "password" == now_or_never(Entrance(house.desk).owes(FIRST))


def test_a_person_who_left(house: House) -> None:
    """
    A session of somebody without a role is none.
    """
    entrance = Entrance(house.desk)
    assert entrance.visitor("liu") is not None
    assert entrance.visitor("unknown") is None
    now_or_never(house.database.write(set_seed, "liu", FIELDS.wrap(b"x"), "t", 0.0))
    assert now_or_never(entrance.login("liu")).seed
