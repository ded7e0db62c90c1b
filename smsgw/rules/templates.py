"""
Templates: texts with variables in braces, filled in, and found again in free text.

C{{{姓名}}} is a variable, doubled braces stand for themselves. What a variable takes
depends on its kind; nothing that is put in can bring a signature or a line feed.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import attrs

from smsgw.directory import Template, Variable
from smsgw.errors import Refused
from smsgw.rules.classify import AUTO, CATEGORIES
from smsgw.rules.fitting import Fitting, Slot

__all__ = [
    "KINDS",
    "UNMATCHED",
    "CompiledTemplate",
    "TemplateMatcher",
    "mistakes_of",
]

UNKNOWN, UNAPPROVED, MISSING, STRANGE, TOO_LONG, UNFIT, UNMATCHED = range(4001, 4008)

# Controls, marks that turn or hide what is written, lone surrogates; and brackets
# of signatures, those for vertical writing too.
_HIDDEN = "\x00-\x1f\x7f-\x9f\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
_FORBIDDEN = f"{_HIDDEN}\ud800-\udfff【】︻︼"

# What each kind allows, and how many characters unless the variable says so.
KINDS: Mapping[str, tuple[str, int]] = {
    "text": (f"[^{_FORBIDDEN}]++", 200),
    "name": (r"[^\W\d_]++(?:[·•.\- ]++[^\W\d_]*+)*+", 30),
    "number": (r"[-+]?[0-9]+(?:[.,][0-9]+)*%?", 20),
    "code": (r"[0-9A-Za-z\-]++", 20),
    "date": (r"[0-9年月日号周星期一二三四五六七八九十天今明后/.\-()（） ]++", 30),
    "time": (r"[0-9:：时分秒点半刻上下午早晚中凌晨夜前后至到~\-— ]++", 30),
    "money": (r"[¥￥]?-?[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?(?: ?元)?", 20),
    "url": (r"https?://[\x21-\x7e]++", 200),
}
_FORMS = {kind: re.compile(allowed) for kind, (allowed, _) in KINDS.items()}
_NEVER = re.compile(r"(?!)")
_place = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_name = re.compile(r"\w{1,32}").fullmatch
_hidden = re.compile(f"[{_HIDDEN}]").search
_mark = re.compile(r"\s*【[^【】]*】|【[^【】]*】\s*\Z").sub
_MOST_VARIABLES, _LONGEST_VALUE, _LONGEST_TEXT = 30, 500, 2000
_GRAM, _STRIDE = 3, 4
_WINDOW = _GRAM + _STRIDE - 1
_TRIES = 200


def mistakes_of(template: Template) -> list[str]:
    """
    Everything that is wrong with a template, in words.
    """
    text, found = template.text, []
    if not text.strip():
        found.append("text 为空 / is empty")
    if len(text) > _LONGEST_TEXT:
        found.append(f"text 超过 {_LONGEST_TEXT} 字 / is longer than that")
    if "【" in text or "】" in text:
        found.append("text 不能含签名括号【】 / must not contain 【】")
    if _hidden(text.replace("\r", "").replace("\n", "")):
        found.append("text 不能含控制字符 / must not contain control characters")
    if template.category not in ("", AUTO) and template.category not in CATEGORIES:
        found.append(f"category {template.category!r} 未知 / unknown")
    return found + _misplaced(text) + _misdeclared(template.variables, text)


def _misplaced(text: str) -> list[str]:
    found, places = [], list(_place.finditer(text))
    for match in places:
        place, name = match.start() + 1, match[1]
        if match[0] in "{}":
            found.append(f"text 第 {place} 字的花括号不成对 / unpaired brace")
        elif name is not None and not _name(name):
            found.append(f"变量名无效 / bad variable name: {name!r}")
    if sum(match[1] is not None for match in places) > _MOST_VARIABLES:
        found.append(f"变量超过 {_MOST_VARIABLES} 个 / more variables than that")
    return found


def _misdeclared(variables: Sequence[Variable], text: str) -> list[str]:
    found, declared = [], Counter(one.name for one in variables)
    names = {match[1] for match in _place.finditer(text)}
    for name, times in declared.items():
        if name not in names:
            found.append(f"变量 {name!r} 未在 text 中使用 / is not in the text")
        if times > 1:
            found.append(f"变量 {name!r} 重复声明 / is declared twice")
    for one in variables:
        if one.kind not in KINDS:
            found.append(f"变量 {one.name!r} 类型未知 / unknown kind: {one.kind!r}")
        if not 0 <= one.longest <= _LONGEST_VALUE:
            most = f"0–{_LONGEST_VALUE}"
            found.append(f"变量 {one.name!r} longest 应为 {most} / must be within")
    return found


@attrs.frozen
class CompiledTemplate:
    """
    A template ready to be filled: C{literals} stand before, between and after the
    variables named by C{names}, so there is one more of them.
    """

    template: Template
    literals: tuple[str, ...]
    names: tuple[str, ...]
    variables: Mapping[str, Variable]
    _slots: tuple[Slot, ...] = attrs.field(repr=False, eq=False)
    _frame: tuple[str, ...] = attrs.field(repr=False, eq=False)

    @classmethod
    def of(cls, template: Template) -> "CompiledTemplate":
        """
        Compile a template; an unpaired brace stands for itself.
        """
        literals, names, literal, end = [], [], "", 0
        for match in _place.finditer(template.text):
            literal += template.text[end : match.start()]
            end = match.end()
            if match[1] is None:
                literal += match[0][0]
            else:
                literals.append(literal)
                names.append(match[1])
                literal = ""
        literals.append(literal + template.text[end:])
        declared = {one.name: one for one in template.variables}
        variables = [declared.get(name, Variable(name)) for name in names]
        slots = tuple(map(_slot, variables, literals[1:]))
        frame = [literals[0]]
        for literal in literals[1:]:
            frame += ("", literal)
        return cls(
            template,
            tuple(literals),
            tuple(names),
            {one.name: one for one in variables},
            slots,
            tuple(frame),
        )

    @property
    def size(self) -> int:
        """
        How many characters are the template's own.
        """
        return sum(map(len, self.literals))

    def render(self, values: Mapping[str, str]) -> str:
        """
        The text; L{Refused} names the variable that is wrong as C{vars.NAME}.
        """
        pieces, at = list(self._frame), 1
        try:
            for name, longest, allows, _, _ in self._slots:
                value = values[name]
                if len(value) > longest or not allows(value):
                    raise self._refusal(values)
                pieces[at] = value
                at += 2
        except KeyError:
            raise self._refusal(values) from None
        if len(values) != len(self.variables):
            raise self._refusal(values)
        return "".join(pieces)

    def _refusal(self, values: Mapping[str, str]) -> Refused:
        odd = values.keys() - self.variables.keys()
        if odd:
            name = min(odd)[:32]
            return Refused(STRANGE, name, f"vars.{name}")
        for name, longest, allows, _, _ in self._slots:
            field, value = f"vars.{name}", values.get(name)
            if value is None:
                return Refused(MISSING, name, field)
            if len(value) > longest:
                return Refused(TOO_LONG, f"{len(value)} > {longest}", field)
            if not allows(value):
                break
        return Refused(UNFIT, self.variables[name].kind, field)

    def match(self, text: str) -> dict[str, str] | None:
        """
        The values with which this template makes a text, None if it does not.
        """
        return self.fit(text, Fitting(_TRIES))

    def fit(self, text: str, fitting: Fitting) -> dict[str, str] | None:
        """
        The same, with what is left of the tries that several templates share.
        """
        first, last = self.literals[0], self.literals[-1]
        if not (text.startswith(first) and text.endswith(last)):
            return None
        if not self._slots:
            return {} if text == first else None
        return fitting.fit(self._slots, text, len(first), len(text) - len(last))


def _slot(variable: Variable, literal: str) -> Slot:
    _, usual = KINDS.get(variable.kind, KINDS["text"])
    form = _FORMS.get(variable.kind, _NEVER)
    longest = variable.longest or usual
    return Slot(variable.name, longest, form.fullmatch, literal, form.match)


@attrs.frozen
class TemplateMatcher:
    """
    Which template a free text was written after; of several the one with most
    characters of its own.

    Each template is found by six characters that few others have: four groups of
    three, one of which is met when only every fourth place of a text is looked at.
    """

    _ranked: tuple[CompiledTemplate, ...]
    _near: Mapping[str, tuple[int, ...]]
    _loose: tuple[int, ...]

    @classmethod
    def of(cls, templates: Iterable[CompiledTemplate]) -> "TemplateMatcher":
        """
        Those that are approved and in use, the longest first.
        """
        usable = [
            one for one in templates if one.template.approved and one.template.active
        ]
        usable.sort(key=lambda one: (-one.size, one.template.id))
        often = Counter(gram for one in usable for gram in set(_grams(one.literals)))
        near: dict[str, list[int]] = {}
        loose = []
        for rank, one in enumerate(usable):
            anchor = _anchor(one.literals, often)
            if not anchor:
                loose.append(rank)
            for gram in set(_grams([anchor])):
                near.setdefault(gram, []).append(rank)
        ranks = {gram: tuple(some) for gram, some in near.items()}
        return cls(tuple(usable), ranks, tuple(loose))

    def match(
        self, text: str, account: str = "", chain: Iterable[str] | None = None
    ) -> tuple[Template, dict[str, str]] | None:
        """
        The template that fits, usable by the account, with the variables' values.

        C{chain} are the account's departments, None for whichever. A signature at
        either end of the text is passed over.
        """
        if "【" in text:
            text = _mark("", text, 1)
        found, near = set(self._loose), self._near
        for at in range(0, len(text) - _GRAM + 1, _STRIDE):
            ranks = near.get(text[at : at + _GRAM])
            if ranks is not None:
                found.update(ranks)
        fitting = Fitting(_TRIES)
        for rank in sorted(found):
            one = self._ranked[rank]
            template = one.template
            if template.account not in ("", account):
                continue
            if chain is not None and template.department not in ("", *chain):
                continue
            values = one.fit(text, fitting)
            if values is not None:
                return template, values
        return None


def _grams(literals: Iterable[str]) -> Iterable[str]:
    for literal in literals:
        for at in range(len(literal) - _GRAM + 1):
            yield literal[at : at + _GRAM]


def _anchor(literals: Iterable[str], often: Mapping[str, int]) -> str:
    """
    The six characters in a row whose groups are the rarest, '' where none are.
    """
    windows = [
        literal[at : at + _WINDOW]
        for literal in literals
        for at in range(len(literal) - _WINDOW + 1)
    ]
    rarity = {one: sum(often[gram] for gram in _grams([one])) for one in windows}
    return min(windows, key=rarity.__getitem__, default="")
