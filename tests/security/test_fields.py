"""
Fields keep values as their policy says.
"""

import pytest

from smsgw.security.fields import Fields, Policy
from smsgw.security.provider import CryptoError

KEY = bytes(range(32))
PHONE = "13800138000"


def test_off_keeps_the_value_readable() -> None:
    """
    Without protection the blob is a mark and the text.
    """
    fields = Fields(key=KEY)
    assert b"\x00" + PHONE.encode() == fields.seal("phone", PHONE)
    assert PHONE == fields.open(fields.seal("phone", PHONE))


def test_on_seals_the_value() -> None:
    """
    With protection the value is not in the blob, and comes back.
    """
    fields = Fields(phone="on", key=KEY)
    blob = fields.seal("phone", PHONE)
    assert PHONE.encode() not in blob
    assert PHONE == fields.open(blob)


def test_index_only_keeps_nothing() -> None:
    """
    Only the index remains of a value that is not kept.
    """
    fields = Fields(patient="index-only", key=KEY)
    assert "" == fields.open(fields.seal("patient", "P-1"))
    assert fields.index("patient", "P-1")


def test_old_rows_stay_readable_after_a_change_of_policy() -> None:
    """
    The blob says itself how it is kept.
    """
    sealed = Fields(text="on", key=KEY).seal("text", "检查结果")
    assert "检查结果" == Fields(key=KEY).open(sealed)


def test_index_is_blind_and_by_kind() -> None:
    """
    Equal values agree, kinds and keys separate them.
    """
    fields = Fields(key=KEY)
    index = fields.index("phone", PHONE)
    assert index == Fields(phone="on", key=KEY).index("phone", PHONE)
    assert index != fields.index("patient", PHONE)
    assert index != Fields(key=KEY[::-1]).index("phone", PHONE)
    assert 32 == len(index)
    assert PHONE not in index


def test_an_unknown_form_is_refused() -> None:
    """
    A blob from a newer release is not guessed at.
    """
    with pytest.raises(CryptoError, match="unknown form"):
        Fields(key=KEY).open(b"\x07x")


def test_another_key_cannot_open() -> None:
    """
    A sealed value fits only its own key.
    """
    sealed = Fields(text="on", key=KEY).seal("text", "x")
    with pytest.raises(CryptoError, match="does not fit"):
        Fields(key=KEY[::-1]).open(sealed)


def test_the_key_is_not_shown() -> None:
    """
    Neither key nor provider is in the repr.
    """
    assert "key" not in repr(Fields(key=KEY))


@pytest.mark.parametrize("policy", ["off", "index-only", "on"])
def test_what_must_come_back_does(policy: Policy) -> None:
    """
    A list that has to be applied is kept under every policy, in the clear only
    where everything is.
    """
    fields = Fields(phone=policy, key=KEY)
    blob = fields.keep("phone", PHONE)
    assert PHONE == fields.open(blob)
    assert (policy == "off") == (PHONE.encode() in blob)


def test_octets_are_wrapped_whatever_the_policy() -> None:
    """
    A file of ours is sealed, and a changed one is not opened.
    """
    fields = Fields(key=KEY)
    assert b"list" == fields.unwrap(fields.wrap(b"list"))
    with pytest.raises(CryptoError):
        fields.unwrap(b"\x00list")
