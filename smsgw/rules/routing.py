"""
Which route group carries a message, and why: ordered rules, first match wins.

A router is made once per version of the directory. What the messages of a chunk
have in common narrows it to a choice; a choice costs a look-up per message.
"""

from collections.abc import Callable, Iterable, Iterator

import attrs

from smsgw.directory import Directory, Group
from smsgw.rules.conditions import Conditions, Facts, within
from smsgw.rules.hours import Times

__all__ = ["Choice", "Decision", "Router", "caps_of", "channels_of", "route"]

_MOST_WAYS = 4096
_MOST_SETTLED = 256

Search = Callable[[str], bool]


@attrs.frozen
class Decision:
    """
    The chosen group ('' for none), its channels in order of preference, and the
    explanation: C{why} it was chosen, which rules were C{tried} before (only when
    it was asked for), which channels have C{caps}.
    """

    group: str
    channels: tuple[str, ...]
    why: str
    tried: tuple[str, ...] = ()
    caps: tuple[str, ...] = ()


_NONE = Decision("", (), "no rule")


@attrs.frozen(eq=False, slots=True)
class _Way:
    """
    What is left to ask of a rule, and what it decides.
    """

    decision: Decision
    carrier: str = ""
    region: str = ""
    kind: str = ""
    search: Search | None = None
    times: Times | None = None

    @property
    def certain(self) -> bool:
        """
        Nothing is left to ask.
        """
        asks = self.carrier or self.region or self.kind
        return not asks and self.search is None and self.times is None


Open = tuple[Search | None, Times | None, Decision]


@attrs.define(eq=False)
class Choice:
    """
    The rules that are left for messages with account, category, template and
    signature in common; C{needs_...} say which facts still matter.
    """

    ways: tuple[_Way, ...]
    needs_region: bool = attrs.field(init=False)
    needs_kind: bool = attrs.field(init=False)
    needs_text: bool = attrs.field(init=False)
    needs_time: bool = attrs.field(init=False)
    _by_number: dict[tuple[str, str, str], tuple[Open, ...]] = attrs.field(
        factory=dict, init=False
    )
    _settled: dict[tuple[tuple[_Way, ...], bool, bool], "Choice"] = attrs.field(
        factory=dict, init=False
    )

    def __attrs_post_init__(self) -> None:
        self.needs_region = any(way.region for way in self.ways)
        self.needs_kind = any(way.kind for way in self.ways)
        self.needs_text = any(way.search is not None for way in self.ways)
        self.needs_time = any(way.times is not None for way in self.ways)

    def settle(self, text: str | None = None, at: float | None = None) -> "Choice":
        """
        The choice for messages that have their text, their time or both in common.
        """
        if not (self.needs_text and text is not None) and not (
            self.needs_time and at is not None
        ):
            return self
        found_in = {} if text is None else self._found_in(text)
        left = tuple(
            way
            for way in self.ways
            if found_in.get(way.search, True)
            and (at is None or way.times is None or way.times.holds(at))
        )
        # The same ways are settled otherwise when only one of the two is known.
        key = (left, text is not None, at is not None)
        found = self._settled.get(key)
        if found is None:
            if len(self._settled) >= _MOST_SETTLED:
                self._settled.clear()
            sure = (_without(way, text is not None, at is not None) for way in left)
            found = self._settled[key] = Choice(_reachable(sure))
        return found

    def _found_in(self, text: str) -> dict[Search | None, bool]:
        """
        Each pattern is looked for once, however many rules have it.
        """
        searches = {way.search for way in self.ways}
        return {search: search(text) for search in searches if search is not None}

    def route(
        self,
        carrier: str,
        region: str = "",
        kind: str = "",
        text: str = "",
        at: float = 0.0,
    ) -> Decision:
        """
        The first rule that matches; facts that are not needed may be left out.
        """
        some = self._by_number.get((carrier, region, kind))
        if some is None:
            some = self._select(carrier, region, kind)
        for search, times, decision in some:
            if (search is None or search(text)) and (times is None or times.holds(at)):
                return decision
        return _NONE

    def _select(self, carrier: str, region: str, kind: str) -> tuple[Open, ...]:
        if len(self._by_number) >= _MOST_WAYS:
            self._by_number.clear()
        found = tuple(
            (way.search, way.times, way.decision)
            for way in self.ways
            if way.carrier in ("", carrier)
            and way.kind in ("", kind)
            and (not way.region or within(way.region, region))
        )
        self._by_number[carrier, region, kind] = found
        return found


def _without(way: _Way, text: bool, time: bool) -> _Way:
    """
    A way of which text, time or both are answered.
    """
    return attrs.evolve(
        way,
        search=None if text else way.search,
        times=None if time else way.times,
    )


def _reachable(ways: Iterable[_Way]) -> tuple[_Way, ...]:
    """
    As far as the first that always holds.
    """
    found = []
    for way in ways:
        found.append(way)
        if way.certain:
            break
    return tuple(found)


@attrs.frozen(eq=False)
class Router:
    """
    The rules of one version of the directory, in order, with what each decides
    (None: no channel of its group is on).
    """

    rules: tuple[tuple[Conditions, Decision | None], ...]
    _templates: frozenset[str]
    _signatures: frozenset[str]
    _choices: dict[tuple[str, str, str, str], Choice] = attrs.field(factory=dict)

    @classmethod
    def of(cls, directory: Directory) -> "Router":
        """
        Compile a directory.
        """
        rules = tuple(_compiled(directory))
        return cls(
            rules,
            frozenset(one.rule.template for one, _ in rules),
            frozenset(text for one, _ in rules for text in one.signatures),
        )

    def narrow(
        self, account: str, category: str, template: str = "", signature: str = ""
    ) -> Choice:
        """
        The choice for all messages that have this in common.
        """
        if template not in self._templates:
            template = ""
        if signature not in self._signatures:
            signature = ""
        key = (account, category, template, signature)
        choice = self._choices.get(key)
        if choice is None:
            choice = self._choices[key] = Choice(_reachable(self._ways(*key)))
        return choice

    def _ways(self, *common: str) -> Iterable[_Way]:
        for one, decision in self.rules:
            if decision is None or not one.concerns(*common):
                continue
            rule = one.rule
            yield _Way(
                decision, rule.carrier, rule.region, rule.kind, one.search, one.times
            )

    def route(self, facts: Facts) -> Decision:
        """
        The first rule that matches and whose group has a channel that is not off.
        """
        choice = self.narrow(
            facts.account, facts.category, facts.template, facts.signature
        )
        return choice.route(
            facts.carrier, facts.region, facts.kind, facts.text, facts.at
        )

    def explain(self, facts: Facts) -> Decision:
        """
        The same decision, with every rule that did not make it and the reason.
        """
        return _explained(self.rules, facts)


def _compiled(directory: Directory) -> Iterator[tuple[Conditions, Decision | None]]:
    for rule in directory.rules:
        group = directory.groups.get(rule.group)
        channels = channels_of(directory, group) if group else ()
        why = f"{rule.id} -> {rule.group}"
        caps = _told_caps(group) if group else ()
        decision = None
        if channels:
            decision = Decision(rule.group, channels, why, caps=caps)
        yield Conditions.of(rule, directory), decision


def _explained(
    rules: Iterable[tuple[Conditions, Decision | None]], facts: Facts
) -> Decision:
    tried: list[str] = []
    for one, decision in rules:
        obstacle = one.obstacle(facts)
        if not obstacle and decision is not None:
            return attrs.evolve(decision, tried=tuple(tried))
        obstacle = obstacle or f"no channel of {one.rule.group} is on"
        tried.append(f"{one.rule.id}: {obstacle}")
    return attrs.evolve(_NONE, tried=tuple(tried))


def route(directory: Directory, account: str, carrier: str, category: str) -> Decision:
    """
    One message's way, explained, when nothing else is known about it; compiles no
    more rules than it tries.
    """
    return _explained(_compiled(directory), Facts(account, category, carrier))


def caps_of(group: Group) -> dict[str, int]:
    """
    How many messages a day its channels carry at most; without those that have no
    cap.
    """
    return {one.channel: one.cap for one in group.primaries if one.cap > 0}


def _told_caps(group: Group) -> tuple[str, ...]:
    return tuple(
        f"{channel} at most {cap} a day 日上限 {cap} 条"
        for channel, cap in caps_of(group).items()
    )


def channels_of(directory: Directory, group: Group) -> tuple[str, ...]:
    """
    The active channels of a group: primaries by weight, then backups in order.
    """
    primaries = sorted(group.primaries, key=lambda share: -share.weight)
    names = dict.fromkeys((*(share.channel for share in primaries), *group.backups))
    return tuple(
        name
        for name in names
        if name in directory.channels and directory.channels[name].active
    )
