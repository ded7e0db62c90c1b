"""
How numbers and texts may appear in logs and on screens of those without rights.
"""

__all__ = ["mask", "mask_text"]

_STARS = "****"


def mask(number: str) -> str:
    """
    138****8000; a country code stays, short or strange values show less.
    """
    if len(number) == 11 and number[0] == "1":
        return number[:3] + _STARS + number[-4:]
    for country in ("+86", "0086", "86"):
        rest = number[len(country) :]
        if number.startswith(country) and len(rest) == 11:
            return country + mask(rest)
    shown = len(number) // 4
    head = number[: min(4, shown)] if number[:1] == "+" else number[: min(3, shown)]
    tail = min(4, shown)
    return head + _STARS + (number[-tail:] if tail else "")


def mask_text(text: str) -> str:
    """
    The length only: <70 chars>.
    """
    return f"<{len(text)} chars>"
