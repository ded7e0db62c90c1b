"""
What somebody is about to send: from a form to what each recipient would get.
"""

from collections.abc import Mapping, Sequence

import attrs
import msgspec

from smsgw.admin.recipients import Bad, Gathered, Recipient, filled, places_of
from smsgw.errors import Refused
from smsgw.rules.templates import CompiledTemplate

__all__ = ["Draft", "Line", "Sample", "Summary", "Wish", "lay_out", "lines_of"]

MISSING = 2003


class Line(msgspec.Struct, array_like=True, gc=False):
    """
    One message: to whom, and what it says for itself (C{text} or C{vars}), if it does.
    """

    phone: str
    text: str | None = None
    vars: dict[str, str] | None = None


class Sample(msgspec.Struct, array_like=True):
    """
    A message as a phone would show it.
    """

    phone: str
    text: str
    segments: int


class Summary(msgspec.Struct):
    """
    What the gateway says would come of it; C{price} in 0.0001 yuan.
    """

    segments: int = 0
    price: int = 0
    longest: int = 0
    categories: dict[str, int] = {}
    carriers: dict[str, int] = {}
    samples: list[Sample] = []
    warnings: list[str] = []


class Wish(msgspec.Struct):
    """
    What was filled in: one text or a template, for one account, and when. C{trial}
    of them go first. C{send_at} is epoch seconds, 0 for now; C{spread} is seconds.
    """

    account: str = ""
    text: str = ""
    template: str = ""
    vars: dict[str, str] = {}
    category: str = ""
    send_at: float = 0.0
    spread: float = 0.0
    trial: int = 0
    written: str = ""
    groups: list[str] = []
    contacts: list[str] = []


class Draft(msgspec.Struct):
    """
    A wish with all that came of it. C{personal}: each line speaks for itself.
    C{table} is the file that was brought, to be used again.
    """

    wish: Wish
    lines: list[Line]
    bad: list[Bad]
    personal: bool = False
    file: str = ""
    columns: list[str] = []
    table: list[tuple[int, dict[str, str]]] = []
    summary: Summary = msgspec.field(default_factory=Summary)

    def reasons(self) -> Mapping[str, int]:
        """
        How many get nothing, by why; the most frequent first.
        """
        counted: dict[str, int] = {}
        for one in self.bad:
            counted[one.why] = counted.get(one.why, 0) + 1
        return dict(sorted(counted.items(), key=lambda pair: -pair[1]))


@attrs.frozen
class _Words:
    """
    What is said: C{names} stand for what differs, C{said} for what does not.
    """

    text: str
    template: bool
    names: Sequence[str]
    said: Mapping[str, str]


def lay_out(wish: Wish, template: CompiledTemplate | None, gathered: Gathered) -> Draft:
    """
    A line for each recipient of whom all is known that the words need.
    """
    words = _words(wish, template)
    _check_columns(words, gathered.recipients)
    lines, bad = lines_of(words, gathered.recipients)
    return Draft(wish, lines, [*gathered.bad, *bad], bool(words.names))


def _words(wish: Wish, template: CompiledTemplate | None) -> _Words:
    if template is None:
        if not wish.text.strip():
            told = "请写短信内容，或选择模板 / write a text or choose a template"
            raise Refused(MISSING, told, "text")
        return _Words(wish.text, False, places_of(wish.text), {})
    said = {name: value for name, value in wish.vars.items() if value}
    names = [name for name in dict.fromkeys(template.names) if name not in said]
    return _Words("", True, names, said)


def _check_columns(words: _Words, recipients: Sequence[Recipient]) -> None:
    """
    A name that nobody has a value for is a slip of the pen.
    """
    for name in words.names:
        if recipients and not any(name in one.values for one in recipients):
            told = f"没有“{name}”这一列 / no column is named “{name}”"
            raise Refused(MISSING, told, "vars" if words.template else "text")


def lines_of(
    words: _Words, recipients: Sequence[Recipient]
) -> tuple[list[Line], list[Bad]]:
    """
    Those of whom all is known, and the others.
    """
    lines, bad = [], []
    for one in recipients:
        lacking = [name for name in words.names if not one.values.get(name)]
        if lacking:
            names = "、".join(lacking)
            why = f"缺少{names} / lacks {names}"
            bad.append(Bad(one.where, one.line, one.values, why))
        elif not words.names:
            lines.append(Line(one.phone))
        elif words.template:
            own = {name: one.values[name] for name in words.names}
            lines.append(Line(one.phone, None, own))
        else:
            lines.append(Line(one.phone, filled(words.text, one.values)))
    return lines, bad
