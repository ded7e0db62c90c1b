"""
Texts that are nearly the same and go to many numbers one by one: bulk that nobody
called so.

Of a text only runs of letters count that no figure, sign or word of little meaning
interrupts. A name, number or date spoils the run it stands in and no other; two
texts are alike if most of their runs are the same.
"""

import re

import attrs

__all__ = ["MOST", "WINDOW", "Alike", "runs_of"]

MOST = 50
WINDOW = 60.0
_HALF = WINDOW / 2
_FEW = MOST // 4
_KEYS = 8_000
_NOBODY: frozenset[str] = frozenset()
_RUNS = 8
_LETTERS = 6
_SIGNS = r" -~\s，。！？；：、·…—～“”‘’《》【】（）０-９"
_LITTLE = "您你于先女患同家老医主"
_TIMES = "零一二三四五六七八九十百年月周日号天今明后本上下午时点分秒元"
_runs_of = re.compile(rf"[^{_SIGNS}{_LITTLE}{_TIMES}]{{3,}}").findall


def runs_of(text: str) -> list[str]:
    """
    What is compared of a text.
    """
    return _runs_of(text)[:_RUNS]


@attrs.define(eq=False)
class _Flow:
    """
    Which runs an account sent of late, and to which numbers: in this half of a
    window and in the one before. C{hot} are those that went to more than C{MOST}
    within a window, and still go to some.
    """

    now: dict[str, set[str]] = attrs.field(factory=dict)
    before: dict[str, set[str]] = attrs.field(factory=dict)
    hot: set[str] = attrs.field(factory=set)
    turns_at: float = 0.0

    def turn(self, at: float) -> None:
        """
        The other half of a window begins, earlier if there is too much to remember:
        then what went to a single number is forgotten.
        """
        kept = self.now if at < self.turns_at + _HALF else {}
        if len(kept) > _KEYS:
            kept = {run: numbers for run, numbers in kept.items() if len(numbers) > 1}
        self.before, self.now = kept, {}
        self.hot = {run for run in self.hot if len(kept.get(run, ())) > _FEW}
        self.turns_at = at + _HALF

    def heat(self, run: str, numbers: set[str]) -> None:
        """
        Look whether a run went to too many by now.
        """
        before = self.before.get(run, _NOBODY)
        if len(numbers) + len(before) > MOST and len(numbers | before) > MOST:
            self.hot.add(run)


@attrs.define(eq=False)
class Alike:
    """
    The flows of all accounts.
    """

    _flows: dict[str, _Flow] = attrs.field(factory=dict)

    def many(self, account: str, text: str, number: str, now: float) -> bool:
        """
        Count a message; whether it is one of many that are alike.
        """
        flow = self._flows.get(account)
        if flow is None:
            flow = self._flows[account] = _Flow()
        if now >= flow.turns_at or len(flow.now) > _KEYS:
            flow.turn(now)
        counts, hot, known, letters = flow.now, flow.hot, 0, 0
        for run in _runs_of(text)[:_RUNS]:
            letters += len(run)
            numbers = counts.get(run)
            if numbers is None:
                counts[run] = {number}
            elif len(numbers) <= MOST:
                numbers.add(number)
                if run not in hot:
                    flow.heat(run, numbers)
            if run in hot:
                known += len(run)
        return known >= _LETTERS and 3 * known >= 2 * letters
