"""
One-time codes from a person's phone: TOTP (RFC 6238), 30 seconds, six digits.
"""

import hmac

import pyotp

__all__ = ["address_of", "new_seed", "step_of"]

STEP = 30
_DRIFT = 1


def new_seed() -> str:
    """
    A seed for an authenticator, base 32.
    """
    return pyotp.random_base32()


def address_of(seed: str, person: str, system: str) -> str:
    """
    What an authenticator reads from a picture.
    """
    return pyotp.TOTP(seed).provisioning_uri(name=person, issuer_name=system)


def step_of(seed: str, code: str, now: float, after: int = 0) -> int:
    """
    The time step that a code is of, at most one off; 0 when it is wrong.

    Steps up to C{after} were used already: none is taken twice.
    """
    codes, today = pyotp.TOTP(seed), int(now // STEP)
    for step in range(today - _DRIFT, today + _DRIFT + 1):
        right = codes.generate_otp(step)
        if hmac.compare_digest(right.encode(), code.encode()) and step > after:
            return step
    return 0
