"""
Passwords: only the right one is right, and weak ones are told why.
"""

import pytest

from smsgw.security.passwords import hash_password, one_time, verify, weakness


def test_only_the_right_one_is_right() -> None:
    """
    Whoever has no password has no right one either.
    """
    kept = hash_password("Kept-safely-7")
    assert verify(kept, "Kept-safely-7")
    assert not verify(kept, "kept-safely-7")
    assert not verify("", "nobody has this password")
    assert not verify("not a hash", "x")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("Ab1-", "short"),
        ("A1-" + "b" * 126, "long"),
        ("Zhang-1234567", "name"),
        ("abcdefghijkl", "simple"),
        ("Quiet-river-42", ""),
        ("密码很长很长很长很长A1", ""),
    ],
)
def test_weakness(password: str, why: str) -> None:
    """
    Length, the person's own name, kinds of characters.
    """
    assert why == weakness(password, "zhang")


def test_one_time_passwords_are_good_and_differ() -> None:
    """
    Good enough by the same rule.
    """
    made = {one_time() for _ in range(20)}
    assert len(made) == 20
    assert {""} == {weakness(one, "admin") for one in made}
