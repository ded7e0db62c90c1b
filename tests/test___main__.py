"""
Tests for L{smsgw.__main__} and the command line as a whole.
"""

import subprocess
import sys

import pytest

from smsgw.cli import COMMANDS, main


def test_python_m_smsgw() -> None:
    """
    The commands are listed, each in both languages.
    """
    done = subprocess.run(
        [sys.executable, "-m", "smsgw", "--help"],
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8"},
    )

    for name, words in COMMANDS.items():
        assert name in done.stdout
        assert words.split()[-1] in done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_explains_itself(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    C{--help} ends with status 0.
    """
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])

    assert 0 == ended.value.code
    assert f"usage: smsgw {name}" in capsys.readouterr().out


@pytest.mark.parametrize("words", [[], ["nonsense"], ["check", "--nonsense"]])
def test_unknown_words_are_refused(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Usage on the screen, status 2.
    """
    with pytest.raises(SystemExit) as ended:
        main(words)

    assert 2 == ended.value.code
    assert "usage: smsgw" in capsys.readouterr().err
