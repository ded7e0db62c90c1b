"""
Tests for L{smsgw.cli.versions}.
"""

from pathlib import Path

import pytest

from smsgw.cli import main

ROUTES = """
[[groups]]
id = "g"
primaries = []

[[rules]]
id = "r"
order = 1
group = "g"
"""


@pytest.mark.usefixtures("at_once")
def test_list_and_go_back(
    config: Path, objects: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    The plan is printed as by apply.
    """
    words = ["versions", "-c", str(config)]
    assert 0 == main(words)
    assert "none 无\n" == capsys.readouterr().out
    text = objects.read_text("utf-8") + ROUTES
    objects.write_text(text, "utf-8")
    apply = ["apply", "-c", str(config), str(objects)]
    main(apply)
    objects.write_text(text.replace("order = 1", "order = 7"), "utf-8")
    main(apply)
    capsys.readouterr()
    assert 0 == main(words)
    first = capsys.readouterr().out.splitlines()[-1].split()[0]
    assert 0 == main([*words, "--back", first])
    assert "~ rule r: order 7 -> 1" in capsys.readouterr().out
    assert 0 == main([*words, "--back", first])
    assert "nothing to change 无变化\n" == capsys.readouterr().out
