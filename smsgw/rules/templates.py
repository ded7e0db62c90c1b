"""
Templates: texts with variables in braces, filled in, and found again in free text.

C{{{姓名}}} is a variable, doubled braces stand for themselves. What a variable takes
depends on its kind; nothing that is put in can bring a signature or a line feed.
"""

import re
from collections.abc import Iterable, Mapping

import attrs

from smsgw.directory import Template, Variable
from smsgw.errors import Refused

__all__ = ["KINDS", "CompiledTemplate", "TemplateMatcher", "mistakes_of"]

UNKNOWN, UNAPPROVED, MISSING, STRANGE, TOO_LONG, UNFIT = range(4001, 4007)

# What each kind allows, and how many characters unless the variable says so.
KINDS: Mapping[str, tuple[str, int]] = {
    "text": (r"[^\x00-\x1f\x7f【】]+", 200),
    "name": (r"[^\W\d_]([^\W\d_]|[·•.\- ])*", 30),
    "number": (r"[-+]?\d+([.,]\d+)*%?", 20),
    "code": (r"[0-9A-Za-z\-]+", 20),
    "date": (r"[\d年月日号周星期一二三四五六七八九十天今明后/.\-()（） ]+", 30),
    "time": (r"[\d:：时分秒点半刻上下午早晚中凌晨夜前后至到~\-— ]+", 30),
    "money": (r"[¥￥]?-?\d+(,\d{3})*(\.\d+)?( ?元)?", 20),
    "url": (r"https?://[\x21-\x7e]+", 200),
}
_ALLOWS = {kind: re.compile(allowed).fullmatch for kind, (allowed, _) in KINDS.items()}
_place = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_name = re.compile(r"\w{1,32}").fullmatch
_HEAD = 2


def mistakes_of(template: Template) -> list[str]:
    """
    Everything that is wrong with a template, in words.
    """
    found = []
    if not template.text.strip():
        found.append("text 为空 / is empty")
    if "【" in template.text or "】" in template.text:
        found.append("text 不能含签名括号【】 / must not contain 【】")
    names = []
    for match in _place.finditer(template.text):
        if match[0] in "{}":
            found.append(
                f"text 第 {match.start() + 1} 字的花括号不成对 / unpaired brace"
            )
        elif match[1] is not None:
            names.append(match[1])
    found += [
        f"变量名无效 / bad variable name: {name!r}" for name in names if not _name(name)
    ]
    declared = [one.name for one in template.variables]
    found += [
        f"变量 {name!r} 未在 text 中使用 / is not in the text"
        for name in declared
        if name not in names
    ]
    found += [
        f"变量 {name!r} 重复声明 / is declared twice"
        for name in sorted({one for one in declared if declared.count(one) > 1})
    ]
    found += [
        f"变量 {one.name!r} 类型未知 / unknown kind: {one.kind!r}"
        for one in template.variables
        if one.kind not in KINDS
    ]
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
        variables = {name: declared.get(name, Variable(name)) for name in names}
        return cls(template, tuple(literals), tuple(names), variables)

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
        if not values.keys() <= self.variables.keys():
            odd = min(values.keys() - self.variables.keys())
            raise Refused(STRANGE, odd[:32], f"vars.{odd[:32]}")
        checked = {
            name: self._checked(variable, values.get(name))
            for name, variable in self.variables.items()
        }
        pieces = [self.literals[0]]
        for name, literal in zip(self.names, self.literals[1:], strict=True):
            pieces += (checked[name], literal)
        return "".join(pieces)

    def _checked(self, variable: Variable, value: str | None) -> str:
        field = f"vars.{variable.name}"
        if value is None:
            raise Refused(MISSING, variable.name, field)
        longest = variable.longest or KINDS[variable.kind][1]
        if len(value) > longest:
            raise Refused(TOO_LONG, f"{len(value)} > {longest}", field)
        if not _ALLOWS[variable.kind](value):
            raise Refused(UNFIT, variable.kind, field)
        return value

    def match(self, text: str) -> dict[str, str] | None:
        """
        The values with which this template makes a text, None if it does not.

        Each literal is looked for once, from where the one before ended, so it
        takes no longer than reading the text; where a value holds the literal that
        follows it, another split than the writer's may be found, or none.
        """
        first, last = self.literals[0], self.literals[-1]
        if not text.startswith(first):
            return None
        if not self.names:
            return {} if text == first else None
        end = len(text) - len(last)
        if not text.endswith(last) or end < len(first):
            return None
        at, found = len(first), dict[str, str]()
        for name, literal in zip(self.names[:-1], self.literals[1:-1], strict=True):
            stop = text.find(literal, at + 1, end) if literal else at + 1
            if stop < 0 or not self._takes(name, text[at:stop], found):
                return None
            at = stop + len(literal)
        return found if self._takes(self.names[-1], text[at:end], found) else None

    def _takes(self, name: str, value: str, found: dict[str, str]) -> bool:
        try:
            self._checked(self.variables[name], value)
        except Refused:
            return False
        return found.setdefault(name, value) == value


@attrs.frozen
class TemplateMatcher:
    """
    Which template a free text was written after; of several the one with most
    characters of its own.
    """

    _by_head: Mapping[str, tuple[CompiledTemplate, ...]]

    @classmethod
    def of(cls, templates: Iterable[CompiledTemplate]) -> "TemplateMatcher":
        """
        Those that are approved and in use, the longest first.
        """
        heads: dict[str, list[CompiledTemplate]] = {}
        usable = [one for one in templates if one.template.approved]
        for one in sorted(usable, key=lambda one: (-one.size, one.template.id)):
            if one.template.active:
                first = one.literals[0]
                head = first[:_HEAD] if len(first) >= _HEAD else ""
                heads.setdefault(head, []).append(one)
        return cls({head: tuple(some) for head, some in heads.items()})

    def match(
        self, text: str, account: str = ""
    ) -> tuple[Template, dict[str, str]] | None:
        """
        The template that fits, usable by the account, with the variables' values.
        """
        best: tuple[int, Template, dict[str, str]] | None = None
        for head in (text[:_HEAD], ""):
            for one in self._by_head.get(head, ()):
                if best is not None and one.size <= best[0]:
                    break
                if one.template.account not in ("", account):
                    continue
                values = one.match(text)
                if values is not None:
                    best = (one.size, one.template, values)
                    break
        return None if best is None else best[1:]
