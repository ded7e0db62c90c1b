"""
What is wrong with the rules of a directory, all at once and in words.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from smsgw.directory import (
    Account,
    Directory,
    Frequency,
    Group,
    Keyword,
    Price,
    RetryRule,
    Role,
    SendWindow,
)
from smsgw.rules import calendar, conditions, hours, signatures, templates
from smsgw.rules.classify import AUTO, CATEGORIES
from smsgw.rules.keywords import plain
from smsgw.rules.retry import wrong_in

__all__ = ["mistakes_of"]

_BILLINGS = ("none", "prepaid", "postpaid")
_ASKS = ("opt_out", "opt_in", "confirm", "cancel")
_SCOPES = ("own", "department", "all")


def mistakes_of(directory: Directory) -> Iterator[tuple[str, str, str]]:
    """
    (table, id, what is wrong) of every object whose own fields do not fit.
    """
    looks: tuple[tuple[str, Iterable[object], Callable[..., Iterable[str]]], ...] = (
        ("accounts", _all(directory.accounts), _account),
        ("signatures", _all(directory.signatures), signatures.mistakes_of),
        ("templates", _all(directory.templates), templates.mistakes_of),
        ("groups", _all(directory.groups), _group),
        ("rules", directory.rules, conditions.mistakes_of),
        ("retries", directory.retries, _retry),
        ("prices", _all(directory.prices), _price),
        ("keywords", _all(directory.keywords), _keyword),
        ("frequencies", _all(directory.frequencies), _frequency),
        ("windows", _all(directory.windows), _window),
        ("roles", _all(directory.roles), _role),
        ("schedules", _all(directory.schedules), calendar.mistakes_of),
    )
    for table, objects, look in looks:
        for one in objects:
            name: str = getattr(one, "id", "")
            yield from ((table, name, mistake) for mistake in look(one))


def _all(objects: Mapping[str, object]) -> Iterable[object]:
    return objects.values()


def _among(field: str, value: str, values: Iterable[str]) -> Iterator[str]:
    if value not in values:
        told = ", ".join(values)
        yield f"{field} {value!r} 应为其中之一 / must be one of {told}"


def _category(value: str) -> Iterator[str]:
    if value:
        yield from _among("category", value, CATEGORIES)


def _least(field: str, value: float) -> Iterator[str]:
    if value < 0:
        yield f"{field} 不能为负 / must not be negative"


def _account(one: Account) -> Iterator[str]:
    yield from _among("category", one.category, (*CATEGORIES, AUTO))
    yield from _among("billing", one.billing, _BILLINGS)
    for field in ("per_minute", "per_day", "per_month", "duplicates", "review_above"):
        yield from _least(field, getattr(one, field))


def _group(one: Group) -> Iterator[str]:
    for share in one.primaries:
        yield from _least(f"{share.channel}: cap", share.cap)


def _retry(one: RetryRule) -> Iterator[str]:
    if wrong := wrong_in(one):
        yield wrong


def _price(one: Price) -> Iterator[str]:
    yield from _category(one.category)
    yield from _least("price", one.price)


def _keyword(one: Keyword) -> Iterator[str]:
    yield from _among("action", one.action, _ASKS)
    if not one.words or not all(plain(word) for word in one.words):
        yield "words 应有可比较的字 / must have letters to compare"


def _frequency(one: Frequency) -> Iterator[str]:
    yield from _category(one.category)
    yield from _least("most", one.most)
    if one.within <= 0:
        yield "within 应大于 0 秒 / must be more than 0 seconds"


def _window(one: SendWindow) -> Iterator[str]:
    yield from _category(one.category)
    yield from hours.mistakes_of(one.hours, one.days)


def _role(one: Role) -> Iterator[str]:
    yield from _among("scope", one.scope, _SCOPES)
