"""
One-time codes against RFC 6238, and none taken twice.
"""

from base64 import b32encode

from smsgw.security.one_time_codes import address_of, new_seed, step_of

SEED = b32encode(b"12345678901234567890").decode()


def test_the_standards_example() -> None:
    """
    RFC 6238 appendix B: at 59 s the code is 94287082, of which six digits count.
    """
    assert step_of(SEED, "287082", 59.0) == 1
    assert step_of(SEED, "287082", 89.0) == 1
    assert step_of(SEED, "287082", 120.0) == 0
    assert step_of(SEED, "287083", 59.0) == 0
    assert step_of(SEED, "", 59.0) == 0
    assert step_of(SEED, "二八七零八二", 59.0) == 0


def test_none_is_taken_twice() -> None:
    """
    A code seen over the shoulder is of no use.
    """
    assert step_of(SEED, "287082", 59.0, after=1) == 0


def test_the_address_names_system_and_person() -> None:
    """
    An authenticator shows both.
    """
    address = address_of(new_seed(), "zhang", "短信平台")
    assert address.startswith("otpauth://totp/")
    assert "zhang" in address
