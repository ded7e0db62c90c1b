"""
The console's pages as elements: escaped by construction, no markup in strings.
"""

from collections.abc import Mapping

import attrs
from twisted.web.template import Tag, tags

from smsgw.admin.words import Language, say

__all__ = ["Status", "status_page"]


@attrs.frozen
class Status:
    """
    What the status page shows: parts that work or not, depths, counters.
    """

    node: str
    parts: Mapping[str, bool]
    depths: Mapping[str, float]
    counters: Mapping[str, float]

    @property
    def healthy(self) -> bool:
        """
        Whether every part works.
        """
        return all(self.parts.values())


def status_page(status: Status | None, language: Language) -> Tag:
    """
    The status page; C{None} when the status could not be read.
    """
    if status is None:
        return _page(language, tags.p(say("unknown", language), class_="bad"))
    verdict = "healthy" if status.healthy else "unhealthy"
    parts = {
        name: say("works" if works else "fails", language)
        for name, works in status.parts.items()
    }
    return _page(
        language,
        tags.p(f"{say('node', language)} {status.node}"),
        tags.p(say(verdict, language), class_="good" if status.healthy else "bad"),
        _table("parts", parts, language),
        _table("depths", _numbers(status.depths), language),
        _table("counters", _numbers(status.counters), language),
    )


def _numbers(values: Mapping[str, float]) -> dict[str, str]:
    return {name: f"{value:,.0f}" for name, value in values.items()}


def _page(language: Language, *content: Tag) -> Tag:
    title = say("title", language)
    other = "zh" if language == "en" else "en"
    return tags.html(
        tags.head(
            tags.meta(charset="utf-8"),
            tags.meta(name="viewport", content="width=device-width"),
            tags.title(title),
            tags.link(rel="stylesheet", href="static/console.css"),
        ),
        tags.body(
            tags.header(
                tags.h1(title),
                tags.a(say("other", language), href=f"?lang={other}"),
            ),
            Tag("main")(*content),
        ),
        lang="en" if language == "en" else "zh-CN",
    )


def _table(name: str, rows: Mapping[str, str], language: Language) -> Tag:
    heading = tags.h2(say(name, language))
    if not rows:
        return tags.section(heading, tags.p(say("nothing", language)))
    return tags.section(
        heading,
        tags.table(
            tags.tbody(
                *(
                    tags.tr(tags.th(say(row, language), scope="row"), tags.td(value))
                    for row, value in rows.items()
                )
            )
        ),
    )
