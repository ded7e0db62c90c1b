"""
What an operator lays down has defaults that change nothing.
"""

from smsgw.policies import Keyword, Price, RetryRule, Schedule, Signature, Template


def test_what_is_left_out_matches_everything() -> None:
    """
    Only what an operator must say is asked for.
    """
    assert ("", "") == (Signature("s", "示范医院").account, Price("p", 500).channel)
    assert ("", 3) == (RetryRule("r", 1, "void").code, RetryRule("r", 1, "void").tries)
    assert Template("t", "通知", "您好").approved
    assert Schedule("s", "his", "0 8 * * *").signature is None
    assert Keyword("k", ("TD",), "opt_out").active
