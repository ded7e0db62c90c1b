"""
Tests for L{smsgw.cli.words}.
"""

from pathlib import Path

import pytest

from smsgw.cli import main
from smsgw.cli.words import read_words
from smsgw.config import ConfigError
from smsgw.rules.words import Word

SAMPLE = Path(__file__).parents[2] / "etc" / "words.csv"


@pytest.mark.usefixtures("at_once")
def test_load_add_drop_and_try(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    The sample loads; a text is tried without sending it.
    """

    def command(*words: str) -> str:
        assert 0 == main(["words", "-c", str(config), *words])
        return capsys.readouterr().out

    assert "+5 ~0 -0 words 敏感词\n" == command("load", str(SAMPLE))
    assert "+1 ~1 -0 words 敏感词\n" == command("add", "内幕", "中奖")
    assert "+0 ~0 -1 words 敏感词\n" == command("drop", "内幕")
    assert 5 == len(command("list").splitlines())
    told = command("try", "最 好的药，身份证11010519491231002X")
    assert "1–4  replace  最好的" in told
    assert "身份证号" in told
    assert "很好的药，身份证" in told
    assert "no words 未命中敏感词\n" == command("try", "您好")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk"])
def test_headings_and_encodings(tmp_path: Path, encoding: str) -> None:
    """
    As Excel writes them.
    """
    file = tmp_path / "words.csv"
    file.write_bytes("级别,词\nmark,甲乙\n\nreview,丙丁\n".encode(encoding))
    assert [Word("甲乙", "mark"), Word("丙丁", "review")] == read_words(file)


def test_every_bad_line_is_listed(tmp_path: Path) -> None:
    """
    Nothing is taken from such a file.
    """
    file = tmp_path / "words.csv"
    file.write_text("好词,stop\n……\n甲乙,mark\n", "utf-8")
    with pytest.raises(ConfigError) as caught:
        read_words(file)
    assert ["line 1", "line 2"] == [
        one.partition(":")[0] for one in caught.value.mistakes
    ]


@pytest.mark.usefixtures("at_once")
def test_a_word_of_nothing(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    Signs alone are refused.
    """
    assert 1 == main(["words", "-c", str(config), "add", "！！"])
    assert "(words)" in capsys.readouterr().err
