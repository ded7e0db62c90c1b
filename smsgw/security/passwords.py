"""
Passwords of the console's people: Argon2id, and what a good one is.
"""

import secrets
import string

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

__all__ = ["LONGEST", "SHORTEST", "hash_password", "one_time", "verify", "weakness"]

SHORTEST, LONGEST = 10, 128
_KINDS = 3
_ONE_TIME = 14
# As OWASP advises: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_CLEAR = "".join(sorted({*string.ascii_letters, *string.digits} - {*"0O1lI"}))
_NOBODY = _HASHER.hash("nobody has this password")


def hash_password(password: str) -> str:
    """
    As it is kept. Takes some 20 ms: never in the reactor's thread.
    """
    return _HASHER.hash(password)


def verify(kept: str, password: str) -> bool:
    """
    Whether it is the password. An empty C{kept} takes as long and is never right.
    """
    try:
        _HASHER.verify(kept or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return bool(kept)


def weakness(password: str, person: str) -> str:
    """
    Why it is not good enough: C{short}, C{long}, C{simple} or C{name}; '' if it is.

    GB/T 22239-2019 level 3 asks for length and for several kinds of characters.
    """
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    if person and person.lower() in password.lower():
        return "name"
    kinds = [
        any(one.islower() for one in password),
        any(one.isupper() for one in password),
        any(one.isdigit() for one in password),
        any(not (one.isascii() and one.isalnum()) for one in password),
    ]
    return "" if sum(kinds) >= _KINDS else "simple"


def one_time() -> str:
    """
    A password to be changed at the first login, good enough by itself.
    """
    while True:
        made = "".join(secrets.choice(_CLEAR) for _ in range(_ONE_TIME))
        if not weakness(made, ""):
            return made
