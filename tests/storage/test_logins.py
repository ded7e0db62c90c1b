"""
Logins: wrong tries lock, right ones forget them, and a code counts once.
"""

from sqlalchemy import select

from smsgw.storage.database import Database
from smsgw.storage.logins import (
    LOCKED_FOR,
    TRIES,
    any_login,
    begin_login,
    end_login,
    login_of,
    logins_of,
    set_password,
    set_seed,
)
from smsgw.storage.tables import changes
from tests.support.record import now_or_never

NOW = 1_800_000_000.0
HOME = "127.0.0.1"


def allow(database: Database) -> None:
    """
    A person who can log in.
    """
    now_or_never(database.write(set_password, "liu", "hash", True, "admin", NOW))


def test_wrong_tries_lock_for_a_while(database: Database) -> None:
    """
    The one after the last try is refused whatever its password.
    """
    allow(database)
    for _ in range(TRIES):
        assert now_or_never(database.write(begin_login, "liu", HOME, NOW))
    assert now_or_never(database.write(begin_login, "liu", HOME, NOW)) is None
    later = NOW + LOCKED_FOR
    assert now_or_never(database.write(begin_login, "liu", HOME, later)) is not None
    assert now_or_never(database.write(begin_login, "zhang", HOME, NOW)) is not None


def test_a_right_one_forgets_the_wrong_ones(database: Database) -> None:
    """
    When and from where is kept.
    """
    allow(database)
    now_or_never(database.write(begin_login, "liu", HOME, NOW))
    assert now_or_never(database.write(end_login, "liu", HOME, 0, NOW))
    login = now_or_never(database.read(login_of, "liu"))
    assert (0, 0.0, NOW, HOME) == (
        login.failures,
        login.locked_until,
        login.last,
        login.last_from,
    )
    assert login.must_change


def test_a_code_counts_once(database: Database) -> None:
    """
    Two tries with one code: one is in.
    """
    allow(database)
    now_or_never(database.write(set_seed, "liu", b"sealed", "liu", NOW))
    assert now_or_never(database.write(end_login, "liu", HOME, 7, NOW))
    assert not now_or_never(database.write(end_login, "liu", HOME, 7, NOW))
    login = now_or_never(database.read(login_of, "liu"))
    assert (b"sealed", 7) == (login.seed, login.step)


def test_who_cannot_log_in_has_no_password(database: Database) -> None:
    """
    An unknown person looks like one whose password is wrong.
    """
    assert not now_or_never(database.read(any_login))
    assert now_or_never(database.read(login_of, "nobody")).password == ""
    allow(database)
    assert now_or_never(database.read(any_login))
    assert {"liu"} == set(now_or_never(database.read(logins_of)))


def test_hashes_and_seeds_are_not_in_the_change_log(database: Database) -> None:
    """
    That they changed is, and by whom.
    """
    allow(database)
    now_or_never(database.write(set_seed, "liu", b"sealed", "liu", NOW))
    rows = now_or_never(database.read(lambda one: one.execute(select(changes)).all()))
    assert ["admin", "liu"] == [row.who for row in rows]
    assert not [row for row in rows if "hash" in (row.after_json or "")]
