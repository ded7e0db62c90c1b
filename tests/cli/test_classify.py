"""
Tests for L{smsgw.cli.classify}.
"""

import pytest

from smsgw.cli import main


def test_category_and_reason(capsys: pytest.CaptureFixture[str]) -> None:
    """
    A code by its pattern, a text that tells nothing.
    """
    assert 0 == main(["classify", "您的验证码是 482913，5 分钟内有效。", "好的"])
    told = capsys.readouterr().out.splitlines()
    assert "otp  100%  验证码与数字" == told[0]
    assert told[1].startswith("notice 不能确定")
