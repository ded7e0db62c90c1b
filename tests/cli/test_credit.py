"""
Tests for L{smsgw.cli.credit}.
"""

from pathlib import Path

import pytest

from smsgw.cli import main
from smsgw.cli.credit import money, units_of
from smsgw.errors import Refused


@pytest.fixture
def words(config: Path, objects: Path, at_once: None) -> list[str]:
    """
    The command, with an account applied.
    """
    main(["apply", "-c", str(config), str(objects)])
    return ["credit", "-c", str(config)]


def test_give_and_list(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """
    The same key again gives nothing more.
    """
    capsys.readouterr()
    assert 0 == main([*words, "his", "500", "--note", "充值", "--key", "order-1"])
    assert 0 == main([*words, "his", "500", "--key", "order-1"])
    first, second = capsys.readouterr().out.splitlines()
    assert ("1  his  500.0000 yuan 元", first) == (first, second)
    assert 0 == main([*words, "his", "-0.045"])
    assert 0 == main([*words, "his"])
    told = capsys.readouterr().out.splitlines()
    assert ["-0.0450 yuan 元", "500.0000 yuan 元"] == [
        line.split("  ")[2] for line in told[1:]
    ]


@pytest.mark.parametrize("text", ["", "much", "0.00001", "1e999999", "NaN", "Infinity"])
def test_what_is_no_amount(text: str) -> None:
    """
    Nothing is rounded.
    """
    with pytest.raises(Refused):
        units_of(text)


def test_amounts_are_exact() -> None:
    """
    To a hundredth of a fen.
    """
    assert (5_000_000, 1, -450) == (
        units_of("500"),
        units_of("0.0001"),
        units_of("-.045"),
    )
    assert "1,234.5678 yuan 元" == money(12_345_678)


def test_an_unknown_account(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Money is not given to nobody.
    """
    assert 1 == main([*words, "gone", "5"])
    assert "(account)" in capsys.readouterr().err
