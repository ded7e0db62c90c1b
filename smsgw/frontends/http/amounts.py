"""
Amounts of money as JSON.
"""

__all__ = ["yuan"]


def yuan(units: int) -> str:
    """
    Units of 0.0001 yuan as a decimal number: exact, so not a float.
    """
    sign = "-" if units < 0 else ""
    whole, part = divmod(abs(units), 10_000)
    return f"{sign}{whole}.{part:04}"
