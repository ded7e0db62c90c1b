"""
When a callback is tried again: ten seconds first, every four hours at last.
"""

import email.utils
from datetime import UTC

__all__ = ["GIVE_UP", "delay_after", "spent", "wait_asked"]

DELAYS = (10.0, 30.0, 120.0, 600.0, 1800.0, 3600.0, 7200.0)
LAST = 14400.0
GIVE_UP = 72 * 3600.0
MOST = 86400.0


def delay_after(failures: int, chance: float, asked: float = 0.0) -> float:
    """
    Seconds to wait after so many failures in a row (1 is the first).

    C{chance} in 0..1 spreads by a fifth to either side; C{asked} is what the
    receiver wants at least.
    """
    delay = DELAYS[failures - 1] if failures <= len(DELAYS) else LAST
    return max(delay * (0.8 + 0.4 * chance), min(asked, MOST))


def spent(failures: int) -> float:
    """
    Seconds that so many failures took, without chance and wishes.
    """
    return sum(DELAYS[:failures]) + LAST * max(0, failures - len(DELAYS))


def wait_asked(retry_after: str, now: float) -> float:
    """
    The seconds that a Retry-After header asks for, 0 if none or nonsense.
    """
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, moment.timestamp() - now)
