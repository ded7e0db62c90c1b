"""
The manual: every page has one in both languages, whole, and it can be found.
"""

import re

import pytest

from smsgw.admin.manuals import find_manuals, manual_for, manuals
from smsgw.admin.routes import ROUTES
from smsgw.admin.words import Language

PATHS = {one.path for one in ROUTES if one.method == "GET"}
MENU = [one.path for one in ROUTES if one.menu is not None and one.menu.group != "help"]
HEADS: dict[Language, list[str]] = {
    "zh": ["做什么用", "怎么做", "页面上的词", "不成功时"],
    "en": ["What it is for", "Step by step", "Words", "When it is refused"],
}
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@pytest.mark.parametrize("path", [*MENU, "/account"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_has_its_manual(path: str, language: Language) -> None:
    """
    What for, how, the words, refusals; in the language that it is asked in.
    """
    name = manual_for(path)
    assert name == (path.strip("/").replace("/", "-") or "overview")
    one = manuals(language)[name]
    assert one.title
    assert HEADS[language] == re.findall("<h2>(.*)</h2>", one.body)
    assert (language == "zh") == bool(re.search("[\u4e00-\u9fff]", one.title))


def test_nothing_left_over() -> None:
    """
    No manual of a page that is gone, and no link to one.
    """
    for name, one in manuals("zh").items():
        path = "/" if name == "overview" else f"/{name.replace('-', '/')}"
        assert path in PATHS
        for language in LANGUAGES:
            for target in re.findall('href="([^"]*)"', manuals(language)[name].body):
                known = target.removeprefix("/help/") in manuals("zh")
                assert known or target in PATHS, (one.name, target)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", "overview"),
        ("/password", "account"),
        ("/messages/1HCQMR8000000", "messages"),
        ("/contacts/import/abc/bad", "contacts-import"),
        ("/contacts/new", "contacts"),
        ("/conversations/1HCQMR8000000", "replies"),
        ("/keys/his", "credentials"),
        ("/help", ""),
        ("/nowhere", ""),
    ],
)
def test_the_page_that_one_is_on(path: str, name: str) -> None:
    """
    The longest beginning of the path that has a manual, or one that tells of it.
    """
    assert name == manual_for(path)


def test_search() -> None:
    """
    All words; titles first; the words around the first hit.
    """
    assert "templates" == find_manuals("模板 变量", "zh")[0].manual.name
    found = find_manuals("Opted Out", "en")
    assert "blacklist" in [one.manual.name for one in found]
    assert any("opted" == one.hit.lower() for one in found)
    assert [] == find_manuals("  ", "zh")
    assert [] == find_manuals("zzzz", "en")


def test_search_without_blanks() -> None:
    """
    A whole question in Chinese finds the pages with most of its words.
    """
    names = [one.manual.name for one in find_manuals("怎么导入通讯录", "zh")]
    assert "contacts-import" in names[:3]


def test_no_markup_of_its_own() -> None:
    """
    HTML in a file is shown as words, and nothing has a style of its own.
    """
    for language in LANGUAGES:
        for one in manuals(language).values():
            assert "style=" not in one.body
            assert "<script" not in one.body
