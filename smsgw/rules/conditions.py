"""
What a routing rule asks of a message, made ready to be asked often.

Departments and campuses become sets of accounts, hours become seconds of the day,
and patterns are searched in linear time (RE2): no rule can hold up the gateway.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

import attrs
import re2

from smsgw.directory import Department, Directory, Rule
from smsgw.numbering.carriers import CARRIERS, KINDS
from smsgw.rules import hours
from smsgw.rules.classify import CATEGORIES
from smsgw.rules.hours import Times, times_of

__all__ = ["Conditions", "Facts", "mistakes_of", "searcher_of", "upward", "within"]

LONGEST = 1000
_MEMORY = 1 << 20
_special = re.compile(r"[\\.^$*+?{}\[\]()]").search


@attrs.frozen
class Facts:
    """
    What is known about a message when its way is decided; C{region} is
    province/city, C{at} epoch seconds.
    """

    account: str
    category: str = ""
    carrier: str = ""
    region: str = ""
    kind: str = ""
    signature: str = ""
    template: str = ""
    text: str = attrs.field(default="", repr=False)
    at: float = 0.0


@attrs.frozen(eq=False)
class Conditions:
    """
    A rule with what it means: C{accounts} are those of its department and campus,
    None for all; C{search} finds its pattern in a text; C{times} are its hours.
    """

    rule: Rule
    accounts: frozenset[str] | None = None
    signatures: frozenset[str] = frozenset()
    search: Callable[[str], bool] | None = None
    times: Times | None = None

    @classmethod
    def of(cls, rule: Rule, directory: Directory) -> "Conditions":
        """
        A rule among the objects it names; a bad pattern is in no text.
        """
        accounts = None
        if rule.department or rule.campus:
            accounts = frozenset(_accounts(rule, directory))
        signatures = {rule.signature} - {""}
        named = directory.signatures.get(rule.signature)
        if named is not None:
            signatures.add(named.text)
        search = (searcher_of(rule.text) or _never) if rule.text else None
        timed = rule.hours or rule.days
        times = times_of(rule.hours, rule.days) if timed else None
        return cls(rule, accounts, frozenset(signatures), search, times)

    def concerns(
        self, account: str, category: str, template: str, signature: str
    ) -> bool:
        """
        Whether it may choose messages that have this in common.
        """
        rule = self.rule
        return (
            rule.active
            and rule.account in ("", account)
            and rule.category in ("", category)
            and rule.template in ("", template)
            and (not rule.signature or signature in self.signatures)
            and (self.accounts is None or account in self.accounts)
        )

    def obstacle(self, facts: Facts) -> str:
        """
        The first condition that does not hold, in words without the message's
        text, or ''.
        """
        if not self.rule.active:
            return "is off"
        return next(iter(self._obstacles(facts)), "")

    def _obstacles(self, facts: Facts) -> Iterator[str]:
        rule = self.rule
        for name in ("account", "carrier", "category", "template", "kind"):
            wanted, given = getattr(rule, name), getattr(facts, name)
            if wanted and wanted != given:
                yield f"{name} {given or '?'} is not {wanted}"
        if self.accounts is not None and facts.account not in self.accounts:
            yield f"account {facts.account} is not of {rule.department or rule.campus}"
        if rule.signature and facts.signature not in self.signatures:
            yield f"signature {facts.signature or '?'} is not {rule.signature}"
        if rule.region and not within(rule.region, facts.region):
            yield f"region {facts.region or '?'} is not {rule.region}"
        yield from self._varying(facts)

    def _varying(self, facts: Facts) -> Iterator[str]:
        rule = self.rule
        if self.search is not None and not self.search(facts.text):
            yield f"text does not have {rule.text}"
        if self.times is not None and not self.times.holds(facts.at):
            yield f"time is not {' '.join(filter(None, (rule.days, rule.hours)))}"


def _accounts(rule: Rule, directory: Directory) -> Iterator[str]:
    for account in directory.accounts.values():
        chain = upward(directory.departments, account.department)
        if rule.department and rule.department not in chain:
            continue
        if rule.campus and rule.campus not in chain[-1:]:
            continue
        yield account.id


def upward(departments: Mapping[str, Department], first: str) -> tuple[str, ...]:
    """
    A department and those above it, the campus last; a circle ends where it began.
    """
    chain: list[str] = []
    while first in departments and first not in chain:
        chain.append(first)
        first = departments[first].parent
    return tuple(chain)


def within(wanted: str, region: str) -> bool:
    """
    Whether a region (province/city) is C{wanted} or a city of it.
    """
    return region == wanted or region.startswith(f"{wanted}/")


def _never(_: str) -> bool:
    return False


@lru_cache(maxsize=4096)
def searcher_of(pattern: str) -> Callable[[str], bool] | None:
    """
    Tells whether a pattern is in a text; None for what is no pattern.
    """
    if len(pattern) > LONGEST:
        return None
    if not _special(pattern):
        return _words(tuple(filter(None, pattern.split("|"))), pattern)
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    try:
        search = re2.compile(pattern, options).search
    except re2.error:
        return None
    return lambda text: search(text) is not None


def _words(words: tuple[str, ...], pattern: str) -> Callable[[str], bool]:
    """
    A choice of plain words needs no machine; an empty one is in every text.
    """
    if len(words) <= pattern.count("|"):
        return lambda _: True
    if len(words) == 1:
        return lambda text: pattern in text
    return lambda text: any(word in text for word in words)


def mistakes_of(rule: Rule, directory: Directory | None = None) -> list[str]:
    """
    What is wrong with a rule, all of it, in words; with C{directory} also what it
    names and is not there.
    """
    found = hours.mistakes_of(rule.hours, rule.days)
    if rule.text and searcher_of(rule.text) is None:
        found.append(
            "text 不是可用的表达式 / is no pattern that can be used (RE2,"
            f" at most {LONGEST} characters)"
        )
    found += _unknown("carrier", rule.carrier, CARRIERS)
    found += _unknown("kind", rule.kind, KINDS)
    found += _unknown("category", rule.category, CATEGORIES)
    if rule.region and not all(rule.region.split("/", 1)):
        found.append(f"region {rule.region!r} 应为 省 或 省/市 / must be 省 or 省/市")
    if not rule.group:
        found.append("group 不能为空 / must be named")
    elif directory is not None:
        found += _missing(rule, directory)
    return found


def _missing(rule: Rule, directory: Directory) -> Iterator[str]:
    yield from _unknown("group", rule.group, directory.groups)
    yield from _unknown("account", rule.account, directory.accounts)
    yield from _unknown("department", rule.department, directory.departments)
    yield from _unknown("template", rule.template, directory.templates)
    campuses = [one.id for one in directory.departments.values() if not one.parent]
    yield from _unknown("campus", rule.campus, campuses)


def _unknown(name: str, given: str, known: object) -> Iterator[str]:
    if given and given not in known:  # type: ignore[operator]
        yield f"{name} {given!r} 未知 / unknown"
