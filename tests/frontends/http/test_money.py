"""
Tests of the balance.
"""

from smsgw.ports import Wallet
from tests.support.doors import Front


def test_a_balance_is_exact() -> None:
    """
    Decimal numbers as text, whatever reads them.
    """
    front = Front()
    front.purse["his"] = Wallet(999_550, 450, 0, 1_000_000)
    told = front.ask("GET", "/v1/balance").json
    assert ("99.9550", "0.0450", "0.0000", "100.0000") == (
        told["available"],
        told["reserved"],
        told["spent"],
        told["granted"],
    )
    assert ("his", "none") == (told["account"], told["billing"])


def test_a_question_too_many_is_refused() -> None:
    """
    There is nothing to choose.
    """
    assert 400 == Front().ask("GET", "/v1/balance?account=lis").status
