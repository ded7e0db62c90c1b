"""
Tests of L{smsgw.cli.drafts}.
"""

from pathlib import Path

import pytest

from smsgw.cli.drafts import draft_of
from smsgw.config import ConfigError
from tests.support.worlds import directory

OBJECTS = directory("cm1", "cm2")


def draft(tmp_path: Path, text: str) -> Path:
    """
    A file.
    """
    path = tmp_path / "draft.toml"
    path.write_text(text, "utf-8")
    return path


def test_rules_among_the_objects(tmp_path: Path) -> None:
    """
    Rules take the place of the others; groups are added; what routing does not
    look at is passed over.
    """
    text = """
        [[webhooks]]
        id = "w"
        [[channels]]
        id = "cm3"
        secret_file = "gone"
        [[groups]]
        id = "new"
        primaries = [{ channel = "cm3" }]
        [[rules]]
        id = "n2"
        order = 2
        group = "all"
        [[rules]]
        id = "n1"
        order = 1
        group = "new"
        carrier = "mobile"
    """
    found = draft_of(draft(tmp_path, text), OBJECTS)

    assert ["n1", "n2"] == [rule.id for rule in found.rules]
    assert {"all", "new"} == set(found.groups)
    assert {"cm1", "cm2", "cm3"} == set(found.channels)
    assert OBJECTS.accounts == found.accounts


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        ("", ["没有 [[rules]] / has no [[rules]]"]),
        (
            '[[rules]]\nid="r"\norder=1\ngroup="gone"\ncarrier="gone"\n',
            [
                "carrier 'gone' 未知 / unknown @ $.rules[0] (r)",
                "group 'gone' 未知 / unknown @ $.rules[0] (r)",
            ],
        ),
    ],
)
def test_mistakes(tmp_path: Path, text: str, mistakes: list[str]) -> None:
    """
    All of them, with their places.
    """
    with pytest.raises(ConfigError) as caught:
        draft_of(draft(tmp_path, text), OBJECTS)
    assert mistakes == caught.value.mistakes
