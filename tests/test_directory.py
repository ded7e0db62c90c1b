"""
Directory values keep their secrets to themselves.
"""

from smsgw.directory import Channel, Credential, Directory, Webhook


def test_secrets_are_not_shown() -> None:
    """No secret is in the text of a value, where a log could find it."""
    channel = Channel("c", "c", "mobile", "cmpp", "tcp:h:1", "sp", "s3cret")
    credential = Credential("app", "his", ("s3cret",))
    webhook = Webhook("w", "his", "https://his.invalid/", ("s3cret",))

    assert "s3cret" not in repr((channel, credential, webhook))


def test_empty_directory_is_valid() -> None:
    """A fresh installation has version 0 and nothing in it."""
    assert (0, {}) == (Directory().version, dict(Directory().accounts))
