"""
What a message does to its account's money: set aside, charged, given back.
"""

import attrs

__all__ = ["CHARGED", "Booking", "bookings_of"]

#: What reached a phone, or may have, is charged for.
CHARGED = frozenset({"delivered", "unknown"})


@attrs.frozen
class Booking:
    """
    C{kind} is reserved, charged or released; C{amount} in units of 0.0001 yuan.
    """

    at: float
    kind: str
    amount: int


def bookings_of(
    state: str, accepted_at: float, final_at: float, most: int, price: int
) -> list[Booking]:
    """
    In their order: C{most}, the price of the dearest channel it might have gone by,
    is set aside as it is accepted; C{price}, that of the channel it went by, is
    charged when it ends, and the rest given back. C{final_at} is 0 until then.
    """
    made = [Booking(accepted_at, "reserved", most)]
    if final_at:
        spent = price if state in CHARGED else 0
        made.append(Booking(final_at, "charged", spent))
        made.append(Booking(final_at, "released", most - spent))
    return [one for one in made if one.amount]
