"""
Tests of the nonces of look-ups.
"""

from smsgw.frontends.http.nonces import Nonces

NOW = 1_800_000_000.0


def test_a_nonce_is_fresh_once() -> None:
    """
    Used again within ten minutes, it is not.
    """
    nonces = Nonces()

    assert nonces.fresh("his|a", NOW)
    assert nonces.fresh("lis|a", NOW)
    assert not nonces.fresh("his|a", NOW)
    assert nonces.fresh("his|b", NOW + 599)
    assert not nonces.fresh("his|a", NOW + 599)
    assert not nonces.fresh("his|b", NOW + 1198)


def test_old_nonces_are_forgotten() -> None:
    """
    After two generations nothing is left.
    """
    nonces = Nonces()
    for index in range(10):
        nonces.fresh(f"n{index}", NOW)

    assert nonces.fresh("n0", NOW + 1200)
    assert nonces.fresh("n1", NOW + 1800)


def test_a_long_rest_forgets_everything() -> None:
    """
    The old generation is not kept longer because nobody came.
    """
    nonces = Nonces()
    nonces.fresh("a", NOW)
    nonces.fresh("b", NOW + 700)

    assert nonces.fresh("a", NOW + 5000)
