"""
Business objects: lists, forms, and changes by the same plan as C{smsgw apply}.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import attrs
import msgspec

from smsgw.admin.fields import Field, read_value, shown_value
from smsgw.admin.kinds import KINDS, Kind, kind_at
from smsgw.admin.page import Moved, Page, Reply, Route, Visit
from smsgw.admin.words import half
from smsgw.channels.contracts import mistakes_of
from smsgw.directory import Directory, in_order
from smsgw.errors import Refused
from smsgw.objects import directory_mistakes
from smsgw.storage.directory_store import put_object, remove_object

__all__ = ["ROUTES", "draft_with", "objects_of"]

_ID = re.compile(r"[A-Za-z0-9_.\-\u4e00-\u9fff]{1,64}")
BAD, CONFLICT = 2001, 7002


def objects_of(directory: Directory, kind: Kind) -> list[Any]:
    """
    In the order of the directory.
    """
    held = getattr(directory, kind.place)
    return list(held.values()) if isinstance(held, Mapping) else list(held)


def _seen(visit: Visit, one: Any) -> bool:
    """
    Whether it is within the visitor's data: of an account of theirs, or of nobody's.
    """
    account = getattr(one, "account", "")
    return visit.accounts is None or not account or account in visit.accounts


def _own(visit: Visit, one: Any) -> bool:
    """
    Whether the visitor may change it: what is everybody's is for those who see all.
    """
    if visit.accounts is None:
        return True
    return getattr(one, "account", "") in visit.accounts


async def show(kind: Kind, visit: Visit) -> Reply:
    """
    The list, narrowed by words.
    """
    wanted = visit.query.get("q", "").strip().lower()
    rows = [
        _Row(getattr(one, kind.key), msgspec.to_builtins(one), _own(visit, one))
        for one in objects_of(visit.desk.directory, kind)
        if _seen(visit, one) and (not wanted or wanted in str(one).lower())
    ]
    columns = [kind.field(name) for name in kind.columns]
    values = {"kind": kind, "rows": rows, "columns": columns, "q": wanted}
    return Page("objects/list.html", {**values, "cell": partial(_cell, visit)})


@attrs.frozen
class _Row:
    """
    An object in the list.
    """

    id: str
    fields: Mapping[str, Any]
    own: bool


def _cell(visit: Visit, field: Field, value: Any) -> str:
    if field.kind in ("choice", "choices", "one"):
        words = dict(field.choices(visit.desk.directory))
        values = [value] if isinstance(value, str) else value
        return "、".join(
            visit.say(*words.get(one, (one, one))) for one in values if one
        )
    told = shown_value(field, value)
    return " · ".join(str(told).split("\n")[:4]) if isinstance(told, str) else str(told)


async def edit(kind: Kind, visit: Visit) -> Reply:
    """
    The form of one object, or of a new one.
    """
    name = visit.path.get("name", "")
    if not name:
        return _form(kind, visit, "", _blank(kind))
    one = _find(visit, kind, name)
    if one is None:
        return Page("error.html", {"status": 404, "why": ""}, 404)
    return _form(kind, visit, name, msgspec.to_builtins(one))


def _find(visit: Visit, kind: Kind, name: str) -> Any:
    found = [
        one
        for one in objects_of(visit.desk.directory, kind)
        if getattr(one, kind.key) == name and _seen(visit, one)
    ]
    return found[0] if found else None


def _blank(kind: Kind) -> dict[str, Any]:
    made = {}
    for field in attrs.fields(kind.cls):
        default = field.default
        if default is attrs.NOTHING:
            default = 0 if field.type in (int, float) else ""
        elif hasattr(default, "factory"):
            default = default.factory()
        made[field.name] = msgspec.to_builtins(default)
    return made


def _form(
    kind: Kind,
    visit: Visit,
    name: str,
    fields: Mapping[str, Any],
    mistakes: Sequence[tuple[str, str]] = (),
    filled: Mapping[str, Any] | None = None,
) -> Page:
    shown = {
        field.name: shown_value(field, fields.get(field.name)) for field in kind.fields
    }
    known = _find(visit, kind, name) if name else None
    values = {
        "kind": kind,
        "name": name,
        "shown": {**shown, **(filled or {})},
        "mistakes": mistakes,
        "was": _mark(known),
        "directory": visit.desk.directory,
        "own": known is None or _own(visit, known),
    }
    return Page("objects/form.html", values, 422 if mistakes else 200)


def _mark(one: Any) -> str:
    """
    What tells whether somebody else changed it meanwhile.
    """
    if one is None:
        return ""
    return hashlib.sha256(msgspec.json.encode(one)).hexdigest()[:16]


async def save(kind: Kind, visit: Visit) -> Reply:
    """
    Check the whole directory with the change, then make it.
    """
    name = visit.path.get("name", "")
    known = _find(visit, kind, name) if name else None
    if name and known is None:
        return Page("error.html", {"status": 404, "why": ""}, 404)
    fields, mistakes = _read(kind, visit, known)
    if mistakes:
        filled = {
            field.name: visit.lists.get(field.name, ())
            if field.kind == "choices"
            else visit.form.get(field.name, "")
            for field in kind.fields
        }
        return _form(kind, visit, name, fields, mistakes, filled)
    one: Any = msgspec.convert(fields, kind.cls)
    await visit.desk.write(put_object, kind.place, one, visit.who, visit.now)
    told = visit.say("已保存，一秒内生效。", "Saved; it acts within a second.")
    return Moved(kind.path, told)


def draft_with(
    kind: Kind, visit: Visit
) -> tuple[str, Directory | None, list[tuple[str, str]]]:
    """
    The id in a form, the directory with the object as the form has it, and mistakes
    instead of that.
    """
    name = visit.path.get("name", "")
    known = _find(visit, kind, name) if name else None
    fields, mistakes = _read(kind, visit, known)
    name = str(fields[kind.key])
    if mistakes:
        return name, None, mistakes
    one: Any = msgspec.convert(fields, kind.cls)
    return name, _with(visit.desk.directory, kind, name, one), []


def _read(
    kind: Kind, visit: Visit, known: Any
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    fields = msgspec.to_builtins(known) if known else _blank(kind)
    mistakes = list(_fill(kind, visit, fields, known is not None))
    if not mistakes:
        mistakes = list(_check(kind, visit, fields, known))
    return fields, mistakes


def _fill(
    kind: Kind, visit: Visit, fields: dict[str, Any], known: bool
) -> Iterator[tuple[str, str]]:
    for field in kind.fields:
        if field.name == kind.key and known:
            continue
        text = visit.form.get(field.name, "")
        try:
            value = read_value(field, text, visit.lists.get(field.name, ()))
        except Refused as refused:
            yield visit.say(*field.words), half(refused.detail, visit.language)
            continue
        if value or field.kind not in ("secret", "secrets"):
            fields[field.name] = value


def _check(
    kind: Kind, visit: Visit, fields: dict[str, Any], known: Any
) -> Iterator[tuple[str, str]]:
    """
    Nobody else changed it, it is the visitor's, and the directory stays sound.
    """
    name, directory = str(fields[kind.key]), visit.desk.directory
    if not _ID.fullmatch(name):
        yield (
            kind.key,
            visit.say("只用字母、数字、- _ .", "letters, digits, - _ . only"),
        )
        return
    if known is None and any(
        getattr(one, kind.key) == name for one in objects_of(directory, kind)
    ):
        yield kind.key, visit.say("这个编号已经有了", "this id is there already")
    if known is not None and visit.form.get("_was") != _mark(known):
        yield (
            "",
            visit.say(
                "别人刚刚改过它，请刷新后再改。",
                "Somebody else has just changed it; reload and change it again.",
            ),
        )
    try:
        one: Any = msgspec.convert(fields, kind.cls)
    except msgspec.ValidationError as error:
        yield "", str(error)
        return
    if not _own(visit, one) or (known is not None and not _own(visit, known)):
        yield "", visit.say("不在您的数据范围内", "not within your data")
    before = set(directory_mistakes(directory, mistakes_of))
    after = directory_mistakes(_with(directory, kind, name, one), mistakes_of)
    for told in after:
        if told not in before:
            place, whose, mistake = told
            own = (place, whose) == (kind.place, name)
            yield ("" if own else f"{place} {whose}"), half(mistake, visit.language)


def _with(directory: Directory, kind: Kind, name: str, one: Any) -> Directory:
    """
    The directory with one object put (or, None, taken away).
    """
    held = {getattr(other, kind.key): other for other in objects_of(directory, kind)}
    held.pop(name, None)
    if one is not None:
        held[name] = one
    as_it_is: Any = held
    if kind.place in ("rules", "retries"):
        as_it_is = in_order(held.values())
    return attrs.evolve(directory, **{kind.place: as_it_is})


async def remove(kind: Kind, visit: Visit) -> Reply:
    """
    Take it away, unless something refers to it.
    """
    name = visit.path["name"]
    one = _find(visit, kind, name)
    if one is None or not _own(visit, one):
        return Page("error.html", {"status": 404, "why": ""}, 404)
    directory = visit.desk.directory
    before = set(directory_mistakes(directory, mistakes_of))
    after = directory_mistakes(_with(directory, kind, name, None), mistakes_of)
    needed = sorted({f"{place} {whose}" for place, whose, _ in set(after) - before})
    if needed:
        told = ", ".join(needed[:5])
        raise Refused(CONFLICT, f"还被用着：{told} / still in use: {told}")
    await visit.desk.write(remove_object, kind.place, name, visit.who, visit.now)
    return Moved(kind.path, visit.say("已删除。", "It is gone."))


def _routes(kind: Kind) -> Iterator[Route]:
    path, needed = kind.path, kind.permission
    yield Route(path, partial(show, kind), needed, menu=kind.menu)
    yield Route(f"{path}/new", partial(edit, kind), needed)
    yield Route(f"{path}/new", partial(save, kind), needed, "POST")
    yield Route(f"{path}/<name>", partial(edit, kind), needed)
    yield Route(f"{path}/<name>", partial(save, kind), needed, "POST")
    yield Route(f"{path}/<name>/delete", partial(remove, kind), needed, "POST")


ROUTES = tuple(route for kind in KINDS for route in _routes(kind))
assert kind_at("templates") in KINDS
