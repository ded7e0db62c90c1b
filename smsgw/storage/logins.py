"""
How people log in: passwords, seeds of one-time codes, wrong tries.
"""

from typing import Any

import attrs
from sqlalchemy import Connection, Row, func, insert, select, update

from smsgw.storage.columns import unnull
from smsgw.storage.console_tables import logins
from smsgw.storage.journal import log_change
from smsgw.storage.line import millis_of
from smsgw.storage.lists import Hand

__all__ = [
    "LOCKED_FOR",
    "TRIES",
    "Login",
    "any_login",
    "begin_login",
    "end_login",
    "login_of",
    "logins_of",
    "set_password",
    "set_seed",
]

TRIES, LOCKED_FOR = 5, 900.0


@attrs.frozen
class Login:
    """
    How a person logs in. C{password} is a hash, C{seed} protected, None for no
    one-time codes; times are epoch seconds.
    """

    id: str
    password: str = attrs.field(default="", repr=False)
    seed: bytes | None = attrs.field(default=None, repr=False)
    step: int = 0
    failures: int = 0
    locked_until: float = 0.0
    changed: float = 0.0
    must_change: bool = False
    last: float = 0.0
    last_from: str = ""


def any_login(connection: Connection) -> bool:
    """
    Whether anybody can log in.
    """
    return connection.execute(select(logins.c.id).limit(1)).first() is not None


def login_of(connection: Connection, person: str) -> Login:
    """
    A person's; without a password for whoever cannot log in.
    """
    row = connection.execute(select(logins).where(logins.c.id == person)).first()
    return Login(person) if row is None else _login(row)


def logins_of(connection: Connection) -> dict[str, Login]:
    """
    By person.
    """
    return {row.id: _login(row) for row in connection.execute(select(logins))}


def begin_login(
    connection: Connection, person: str, address: str, now: float
) -> Login | None:
    """
    A try begins and counts as wrong until L{end_login}; None while locked.

    After L{TRIES} wrong ones nobody gets in for L{LOCKED_FOR} seconds.
    """
    login = login_of(connection, person)
    if now < login.locked_until:
        return None
    if not login.password:
        return login
    failures = login.failures + 1
    locked = now + LOCKED_FOR if failures >= TRIES else 0.0
    values = {
        "failures": 0 if locked else failures,
        "locked_ms": millis_of(locked),
    }
    _set(connection, person, values, Hand(person, millis_of(now)))
    if locked:
        told = {"address": address, "locked": True}
        log_change(connection, "logins", person, None, told, person, millis_of(now))
    return login


def end_login(
    connection: Connection, person: str, address: str, step: int, now: float
) -> bool:
    """
    The person is in; False if the one-time code's step was used meanwhile.
    """
    hand, columns = Hand(person, millis_of(now)), logins.c
    values = {
        "failures": 0,
        "locked_ms": 0,
        "last_ms": hand.at,
        "last_from": address[:64] or "-",
    }
    if step:
        values["totp_step"] = step
    done = connection.execute(
        update(logins)
        .where(columns.id == person)
        .where(columns.totp_step < step if step else func.length(columns.id) > 0)
        .values(values | hand.touched())
    )
    return bool(done.rowcount)


def set_password(
    connection: Connection,
    person: str,
    password: str,
    must_change: bool,
    who: str,
    now: float,
) -> None:
    """
    A new hash; wrong tries are forgotten.
    """
    hand = Hand(who, millis_of(now))
    values = {
        "password": password,
        "failures": 0,
        "locked_ms": 0,
        "changed_ms": hand.at,
        "must_change": int(must_change),
    }
    _set(connection, person, values, hand)
    told = {"password": "***", "must_change": must_change}
    log_change(connection, "logins", person, None, told, who, hand.at)


def set_seed(
    connection: Connection, person: str, seed: bytes | None, who: str, now: float
) -> None:
    """
    One-time codes from now on, or no longer.
    """
    hand = Hand(who, millis_of(now))
    _set(connection, person, {"totp_blob": seed, "totp_step": 0}, hand)
    told = {"one_time_codes": seed is not None}
    log_change(connection, "logins", person, None, told, who, hand.at)


def _set(
    connection: Connection, person: str, values: dict[str, Any], hand: Hand
) -> None:
    done = connection.execute(
        update(logins).where(logins.c.id == person).values(values | hand.touched())
    )
    if not done.rowcount:
        connection.execute(insert(logins).values(id=person, **values, **hand.made()))


def _login(row: Row[Any]) -> Login:
    return Login(
        row.id,
        unnull(row.password),
        row.totp_blob,
        row.totp_step,
        row.failures,
        row.locked_ms / 1000,
        row.changed_ms / 1000,
        bool(row.must_change),
        row.last_ms / 1000,
        unnull(row.last_from),
    )
