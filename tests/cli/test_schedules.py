"""
Tests for L{smsgw.cli.schedules}.
"""

from pathlib import Path

import pytest

from smsgw.cli import main

SCHEDULE = """
[[schedules]]
id = "morning"
account = "his"
cron = "0 8 * * *"
text = "您好"
to = ["13800138000"]
"""


@pytest.mark.usefixtures("at_once")
def test_list_pause_and_resume(
    config: Path, objects: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    The next time is shown, or that it is paused.
    """
    words = ["schedules", "-c", str(config)]
    assert 0 == main([*words, "list"])
    assert "no schedules 没有定时任务\n" == capsys.readouterr().out
    objects.write_text(objects.read_text("utf-8") + SCHEDULE, "utf-8")
    main(["apply", "-c", str(config), str(objects)])
    capsys.readouterr()
    assert 0 == main([*words, "list"])
    told = capsys.readouterr().out
    assert (True, True) == ("morning  0 8 * * *" in told, " 08:00  1 numbers" in told)
    assert 0 == main([*words, "pause", "morning"])
    assert 0 == main([*words, "pause", "morning"])
    assert ["morning  paused", "morning  无变化 as it was"] == (
        capsys.readouterr().out.splitlines()
    )
    assert 0 == main([*words, "list", "morning"])
    assert "paused 已暂停" in capsys.readouterr().out
    assert 0 == main([*words, "resume", "morning"])
    assert "morning  resumed\n" == capsys.readouterr().out
    assert 1 == main([*words, "pause", "gone"])
    assert "(schedule)" in capsys.readouterr().err
    assert 0 == main([*words, "fire", "morning"])
    assert 0 == main([*words, "fire", "morning"])
    assert ["morning  asked 已请求", "morning  无变化 as it was"] == (
        capsys.readouterr().out.splitlines()
    )
    assert 0 == main([*words, "next", "--times", "3"])
    told = capsys.readouterr().out.splitlines()
    assert [" 08:00"] * 3 == [line[-6:] for line in told]
