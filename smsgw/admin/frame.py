"""
The frame around every page: templates, words, menus, how values are shown.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from functools import cache, lru_cache, partial
from typing import Any

import attrs
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from smsgw.admin.manuals import manual_for
from smsgw.admin.page import Menu, Page, Route, Visit
from smsgw.admin.words import Language, say
from smsgw.config import Admin

__all__ = ["GROUPS", "Frame", "phone_shown"]

YUAN = 10_000
MENUS = 1000  # kept: roles, times pages, times languages
HERE = timezone(timedelta(hours=8))
#: The menu's groups in order.
GROUPS: Mapping[str, tuple[str, str]] = {
    "": ("", ""),
    "work": ("短信", "Messages"),
    "rules": ("规则", "Rules"),
    "network": ("网络", "Network"),
    "house": ("机构", "Organisation"),
    "help": ("帮助", "Help"),
}


@attrs.define(eq=False)
class Frame:
    """
    Renders pages; one for all visitors.
    """

    settings: Admin
    routes: Sequence[Route]
    _templates: Environment = attrs.field(init=False)
    _menus: dict[tuple[Language, frozenset[str], str], Markup] = attrs.field(
        factory=dict, init=False
    )

    def __attrs_post_init__(self) -> None:
        self._templates = environment()

    def render(self, page: Page, visit: Visit) -> str:
        """
        A page as somebody who is logged in sees it.
        """
        values = {
            "visit": visit,
            "menu": self._menu(visit),
            "offered": partial(self._groups, visit),
            "manual": manual_for(visit.url.partition("?")[0]),
            "told": visit.query.get("told", "")[:300],
            "told_kind": _kind(visit.query.get("kind", "")),
        }
        return self._fill(page.template, visit.language, values, page.values)

    def outside(
        self, template: str, language: Language, values: Mapping[str, Any]
    ) -> str:
        """
        A page for somebody who is not.
        """
        return self._fill(template, language, {"visit": None}, values)

    def _fill(
        self,
        template: str,
        language: Language,
        frame: Mapping[str, Any],
        values: Mapping[str, Any],
    ) -> str:
        """
        The frame's names are its own: a page that took one would change the frame.
        """
        names = {"language": language, "settings": self.settings, **frame}
        if taken := names.keys() & values.keys():
            raise KeyError(f"{template} takes the frame's {', '.join(sorted(taken))}")
        return self._templates.get_template(template).render({**names, **values})

    def _menu(self, visit: Visit) -> Markup:
        """
        Drawn once for each language, place and set of permissions.
        """
        here = self._here(visit)
        key = visit.language, frozenset(visit.visitor.role.permissions), here
        menu = self._menus.get(key)
        if menu is None:
            if len(self._menus) >= MENUS:
                self._menus.clear()
            values = {"groups": self._groups(visit), "here": here}
            drawn = self._fill("menu.html", visit.language, values, {})
            menu = self._menus[key] = Markup(drawn)
        return menu

    def _groups(self, visit: Visit) -> list[tuple[str, list[tuple[str, Menu]]]]:
        """
        With (path, entry) of what the visitor may see.
        """
        grouped: dict[str, list[tuple[str, Menu]]] = {name: [] for name in GROUPS}
        for route in self.routes:
            if route.menu is not None and visit.may(route.permission):
                grouped[route.menu.group].append((route.path, route.menu))
        told = GROUPS
        return [
            (visit.say(*told[name]), entries)
            for name, entries in grouped.items()
            if entries
        ]

    def _here(self, visit: Visit) -> str:
        """
        The menu's entry that the page belongs to.
        """
        path = visit.url.partition("?")[0]
        above = [
            route.path
            for route in self.routes
            if route.menu is not None
            and (path == route.path or path.startswith(route.path.rstrip("/") + "/"))
        ]
        found = max(above, key=len, default="")
        return found if found != "/" or path == "/" else ""


def environment() -> Environment:
    """
    Jinja with our filters; an unknown name is an error, all output is escaped.
    """
    made = Environment(
        loader=PackageLoader("smsgw.admin"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    made.filters |= {
        "when": when,
        "day": lambda seconds: when(seconds)[:10],
        "clock": lambda seconds: when(seconds)[11:],
        "money": money,
        "phone": phone_filter,
        "hidden": hidden_filter,
        "count": lambda number: f"{number:,}",
        "percent": lambda share: f"{100 * share:.2f} %",
        "lasting": lasting,
        "word": word_filter,
        "data": data,
    }
    made.globals |= {"t": told, "icon": icon, "csrf": csrf, "groups": GROUPS}
    return made


@pass_context
def told(context: Context, chinese: str, english: str) -> str:
    """
    Words in the page's language.
    """
    return english if context["language"] == "en" else chinese


@pass_context
def word_filter(context: Context, name: str) -> str:
    """
    A name of ours (a state, a category) in words.
    """
    return say(name, context["language"])


@pass_context
def phone_filter(context: Context, phone: str) -> str:
    """
    A number, its middle hidden from whoever may not see it.
    """
    visit = context["visit"]
    return phone_shown(phone, bool(visit and visit.may("phones")))


@pass_context
def hidden_filter(context: Context, text: str) -> str:
    """
    A text, for whoever may see it.
    """
    visit = context["visit"]
    if visit and visit.may("phones"):
        return text
    return f"{text[:4]}{'…' if len(text) > 4 else ''}" if text else ""


def phone_shown(phone: str, whole: bool) -> str:
    """
    138****8000 unless it may be seen whole.
    """
    if whole or len(phone) < 8:
        return phone
    return f"{phone[:3]}{'*' * (len(phone) - 7)}{phone[-4:]}"


def when(seconds: float) -> str:
    """
    Chinese time; a dash for not yet.
    """
    return _when(int(seconds)) if seconds else "–"


@lru_cache(4096)
def _when(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, HERE).strftime("%Y-%m-%d %H:%M:%S")


def money(amount: int) -> str:
    """
    Yuan with two to four digits after the point; C{amount} in 0.0001 yuan.
    """
    text = f"{amount / YUAN:,.4f}"
    return text[:-2] if text.endswith("00") else text


def lasting(seconds: float) -> str:
    """
    A duration as people read it.
    """
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 120:
        return f"{seconds:.1f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    if seconds < 172_800:
        return f"{seconds / 3600:.1f} h"
    return f"{seconds / 86_400:.0f} d"


def data(value: Any) -> str:
    """
    A value for a C{data-} attribute; escaping is the template's.
    """
    return json.dumps(value, ensure_ascii=False)


@cache
def icon(name: str, extra: str = "") -> Markup:
    """
    One of web/icons.txt; it says nothing to screen readers.
    """
    return Markup(
        '<svg class="icon {}" aria-hidden="true" focusable="false">'
        '<use href="/static/vendor/icons.svg#{}"></use></svg>'
    ).format(escape(extra), escape(name))


@pass_context
def csrf(context: Context) -> Markup:
    """
    The hidden field that every form that changes something carries.
    """
    visit = context["visit"]
    token = visit.token if visit else ""
    return Markup('<input type="hidden" name="_csrf" value="{}">').format(token)


def _kind(asked: str) -> str:
    return asked if asked in {"success", "warning", "danger", "info"} else "info"
