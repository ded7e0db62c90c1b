"""
What becomes of a message: outcomes by number, content and chance.
"""

import re
from collections.abc import Callable, Sequence
from typing import Literal

import attrs

from smsgw.protocols.neutral import SUBMIT_WORDS
from smsgw.simulator.codes import results_of, state_of, stats_of

__all__ = ["PLAIN", "Outcome", "Rule", "Rules"]

DIGITS = 4


@attrs.frozen
class Outcome:
    """
    What the carrier does with one recipient of a submit.

    C{result} is the response's; C{word} says it in any protocol. C{stat} is the
    report's. Delays < 0 take the carrier's. C{receipts}: how many (0 none, 2 a
    double). C{early}: the receipt goes out before the response. C{respond}: false
    never answers.
    """

    name: str = "delivered"
    result: int = 0
    stat: str = "DELIVRD"
    receipt_delay: float = -1.0
    receipts: int = 1
    early: bool = False
    respond: bool = True
    word: str = ""
    response_delay: float = -1.0
    state: str = "delivered"
    refused: bool = attrs.field(default=False, init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "refused", bool(self.result or self.word))


PLAIN = Outcome()


def _word(_: object, field: "attrs.Attribute[str]", value: str) -> None:
    if value and value not in SUBMIT_WORDS:
        raise ValueError(f"{field.name}: one of {', '.join(SUBMIT_WORDS)}")


@attrs.frozen
class Rule:
    """
    All of its conditions must hold: C{prefix} and C{suffix} of the number,
    C{content} a regular expression found in the text, C{share} a probability.

    C{first} > 0: only for so many submits to a number. A rule with C{reply} says
    what the phone answers once it has the whole message, and nothing else.

    C{results} and C{stats} are several codes, C{all_results} and C{all_stats} those
    of the protocol's whole tables: C{pick} takes one by chance or by the number's
    last four digits.
    """

    prefix: str = ""
    suffix: str = ""
    content: str = ""
    share: float = 1.0
    first: int = 0
    name: str = ""
    result: int = 0
    stat: str = "DELIVRD"
    receipt_delay: float = -1.0
    receipts: int = 1
    early: bool = False
    respond: bool = True
    reply: str = ""
    reply_delay: float = 1.0
    word: str = attrs.field(default="", validator=_word)
    response_delay: float = -1.0
    results: tuple[int, ...] = ()
    stats: tuple[str, ...] = ()
    all_results: bool = False
    all_stats: bool = False
    pick: Literal["chance", "number"] = "chance"

    def outcome(self, result: int = 0, stat: str = "") -> Outcome:
        """
        The rule's consequence; unnamed ones are called by their code.
        """
        result, stat = result or self.result, stat or self.stat
        called = f"result_{result}" if result else self.word or stat
        return Outcome(
            self.name or called,
            result,
            stat,
            self.receipt_delay,
            self.receipts,
            self.early,
            self.respond,
            self.word,
            self.response_delay,
            state_of(stat),
        )

    def outcomes(self, protocol: str) -> tuple[Outcome, ...]:
        """
        All that it may pick from.
        """
        results = results_of(protocol) if self.all_results else self.results
        stats = stats_of(protocol) if self.all_stats else self.stats
        made = [self.outcome(result=one) for one in results]
        made += [self.outcome(stat=one) for one in stats]
        return tuple(made) or (self.outcome(),)


@attrs.frozen
class _Ready:
    """
    A rule made ready to be tried.
    """

    rule: Rule
    outcomes: tuple[Outcome, ...]
    search: Callable[[str], object] | None

    def pick(self, number: str, chance: Callable[[], float]) -> Outcome:
        """
        One of its outcomes.
        """
        several = len(self.outcomes)
        if several == 1:
            return self.outcomes[0]
        if self.rule.pick == "number":
            return self.outcomes[int(number[-DIGITS:]) % several]
        return self.outcomes[int(chance() * several)]

    def holds(self, number: str, text: str, chance: Callable[[], float]) -> bool:
        """
        Whether its conditions hold, but for C{first}.
        """
        rule = self.rule
        if not number.endswith(rule.suffix) or not number.startswith(rule.prefix):
            return False
        if self.search is not None and self.search(text) is None:
            return False
        return rule.share >= 1.0 or chance() < rule.share


def _ready(rule: Rule, protocol: str) -> _Ready:
    search = re.compile(rule.content).search if rule.content else None
    return _Ready(rule, rule.outcomes(protocol), search)


@attrs.define(eq=False)
class Rules:
    """
    The first rule that holds decides; rules by a suffix alone are looked up.

    C{earlier} counts per number, for rules with C{first}; the oldest are forgotten.
    """

    most: int = 10_000
    _outcomes: dict[str, list[_Ready]] = attrs.field(factory=dict, init=False)
    _replies: list[_Ready] = attrs.field(factory=list, init=False)
    _earlier: dict[tuple[int, str], int] = attrs.field(factory=dict, init=False)
    _repliers: tuple[str, ...] = attrs.field(default=(), init=False)
    needs_text: bool = attrs.field(default=False, init=False)

    @classmethod
    def of(cls, rules: Sequence[Rule], protocol: str = "cmpp") -> "Rules":
        """
        Rules in their order, made ready.
        """
        made = cls()
        for rule in rules:
            ready = _ready(rule, protocol)
            if rule.reply:
                made._replies.append(ready)
                continue
            made._outcomes.setdefault(rule.suffix[-1:], []).append(ready)
            made.needs_text = made.needs_text or bool(rule.content)
        made._repliers = tuple({ready.rule.suffix for ready in made._replies})
        general = made._outcomes.get("", [])
        order = {id(rule): place for place, rule in enumerate(rules)}
        for digit in "0123456789":
            mixed = made._outcomes.get(digit, []) + general
            made._outcomes[digit] = sorted(mixed, key=lambda r: order[id(r.rule)])
        return made

    def outcome(
        self, number: str, text: str, chance: Callable[[], float] = float
    ) -> Outcome:
        """
        What becomes of one recipient's message.
        """
        for ready in self._outcomes.get(number[-1:], ()):
            if ready.holds(number, text, chance) and self._still(ready.rule, number):
                return ready.pick(number, chance)
        return PLAIN

    def reply(
        self, number: str, text: str, chance: Callable[[], float] = float
    ) -> Rule | None:
        """
        The rule whose C{reply} the phone sends back, if any.
        """
        for ready in self._replies:
            if ready.holds(number, text, chance) and self._still(ready.rule, number):
                return ready.rule
        return None

    def may_reply(self, number: str) -> bool:
        """
        Whether any rule makes this phone answer; spares reading the text.
        """
        return number.endswith(self._repliers)

    def _still(self, rule: Rule, number: str) -> bool:
        if not rule.first:
            return True
        key = id(rule), number
        count = self._earlier.pop(key, 0) + 1
        self._earlier[key] = count
        if len(self._earlier) > self.most:
            del self._earlier[next(iter(self._earlier))]
        return count <= rule.first
