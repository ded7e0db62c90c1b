"""
Signatures (签名): which one a message carries, and where carriers accept it.

A text without an object in the directory is used as it is. One that a carrier has
not accepted gives way to its former text there; without one, the channel may not
carry the message.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

import attrs

from smsgw.directory import Account, Signature, Template
from smsgw.errors import Refused

__all__ = ["FOREIGN", "Signatures", "mistakes_of"]

FOREIGN, MALFORMED = 4008, 2002
_ACCEPTED = "accepted"
_LEAST, _MOST = 2, 20
_STATES = frozenset({"draft", "filed", "accepted", "suspended"})
_MARKS = frozenset("·-&")
_front = re.compile(r"\s*【([^【】]+)】").match
_end = re.compile(r"【([^【】]+)】\s*\Z").search


def mistakes_of(signature: Signature) -> list[str]:
    """
    Everything that is wrong with a signature, in words.
    """
    found = _wrong("text", signature.text)
    if signature.former:
        found += _wrong("former", signature.former)
    if signature.former and signature.former == signature.text:
        found.append("former 不能是自己 / must be another text")
    found += [
        f"filings.{where}: {state!r} 未知 / unknown state"
        for where, state in signature.filings.items()
        if state not in _STATES
    ]
    return found


def _wrong(field: str, text: str) -> list[str]:
    found = []
    if not _LEAST <= len(text) <= _MOST:
        most = f"{_LEAST}–{_MOST}"
        found.append(f"{field} 应为 {most} 个字 / must have so many characters")
    if not all(one.isalnum() or one in _MARKS for one in text):
        allowed = " ".join(sorted(_MARKS))
        found.append(
            f"{field} 只能含文字、数字和 {allowed}, 不能含括号或空白"
            " / may have letters, digits and these only, no brackets or blanks"
        )
    if text.isdecimal():
        found.append(f"{field} 不能全是数字 / must not be digits only")
    return found


@attrs.frozen(eq=False)
class Signatures:
    """
    All signatures, by id and by text (which several accounts may have in common),
    also those not in use: what waits in queues may still carry them.

    C{departments} are the texts of signatures that a department has to itself,
    C{widest} the longest that may stand in a text's place.
    """

    by_id: Mapping[str, Signature]
    by_text: Mapping[str, tuple[Signature, ...]]
    departments: Mapping[str, str]
    widest: Mapping[str, str]
    _known: dict[tuple[str, str, str], str | None] = attrs.field(
        factory=dict, repr=False
    )

    @classmethod
    def of(cls, signatures: Iterable[Signature]) -> "Signatures":
        """
        Compile them; of two that a department has, the first by id is its own.
        """
        by_text: dict[str, tuple[Signature, ...]] = {}
        departments: dict[str, str] = {}
        some = sorted(signatures, key=lambda one: one.id)
        for one in some:
            text = _bare(one.text)
            by_text[text] = (*by_text.get(text, ()), one)
            if one.active and one.department and not one.account:
                departments.setdefault(one.department, text)
        widest = {text: max(_ways(by_text, text), key=_width) for text in by_text}
        return cls({one.id: one for one in some}, by_text, departments, widest)

    def of_message(
        self,
        account: Account,
        chain: Sequence[str],
        template: Template | None = None,
        asked: str | None = None,
    ) -> str:
        """
        The text for a message: what was asked for, else the template's, else the
        account's, else that of the nearest department that has one of its own.

        C{chain} are the account's departments, its own first. What was asked may be
        a text or an id, '' for none. What the account may not use, or is no longer
        in use, is passed over unless it was asked for; L{Refused} rather than
        nothing where all that were named had to be.
        """
        if asked is not None:
            return self._asked(asked, account, chain)
        own = template.signature if template is not None else ""
        for one in (own if own in self.by_id else "", account.signature):
            text = self._usable(one, account, chain) if one else None
            if text is not None:
                return text
        for department in chain:
            if department in self.departments:
                return self.departments[department]
        named = account.signature or own
        if named:
            raise Refused(FOREIGN, named[:64], "signature")
        return ""

    def _asked(self, asked: str, account: Account, chain: Sequence[str]) -> str:
        bare = _bare(asked)
        if "【" in bare or "】" in bare or not bare.isprintable():
            raise Refused(MALFORMED, "", "signature")
        text = self._usable(asked, account, chain)
        if text is None:
            raise Refused(FOREIGN, bare[:64], "signature")
        return text

    def _usable(self, named: str, account: Account, chain: Sequence[str]) -> str | None:
        """
        The text of an id or a text, None if the account may not use it.
        """
        bare = _bare(named)
        some = self.by_text.get(bare, ())
        one = self.by_id.get(named)
        if one is not None:
            some = (one, *some)
        for one in some:
            ours = one.active and one.account in ("", account.id)
            if ours and (not one.department or one.department in chain):
                return _bare(one.text)
        return None if some else bare

    def on_channel(self, text: str, channel: str, carrier: str) -> str | None:
        """
        The text to use there, None if the channel may not carry it.

        A filing for the channel counts before one for its carrier; a signature
        without either needs none.
        """
        bare = _bare(text)
        if bare not in self.by_text:
            return bare
        asked = (bare, channel, carrier)
        try:
            return self._known[asked]
        except KeyError:
            ways = _ways(self.by_text, bare)
            found = (one for one in ways if self._accepts(one, channel, carrier))
            self._known[asked] = next(found, None)
        return self._known[asked]

    def _accepts(self, text: str, channel: str, carrier: str) -> bool:
        filings = [one.filings for one in self.by_text.get(text, ())]
        states = {one.get(channel, one.get(carrier, "")) for one in filings} - {""}
        return not states or _ACCEPTED in states

    def longest(self, text: str) -> str:
        """
        The longest text that may stand in a message's place for its signature: what
        has to be counted before splitting.
        """
        bare = _bare(text)
        return self.widest.get(bare, bare)

    def parted(self, text: str, signature: str = "") -> tuple[str, str]:
        """
        The signature that a text was written with, '' for none, and the rest.

        Only texts that we know are taken for signatures, and C{signature}: there are
        texts that begin with a heading in the same brackets. To sign the rest with
        another is then neither doubled nor mixed.
        """
        written, own = "", _bare(signature)
        for look in (_front, _end) if "【" in text else ():
            while match := look(text):
                if match[1] not in self.by_text and match[1] != own:
                    break
                written = written or match[1]
                text = text[: match.start()] + text[match.end() :]
        return written, text


def _bare(text: str) -> str:
    return text.strip("【】")


def _width(text: str) -> int:
    return len(text.encode("utf-16-be", "surrogatepass"))


def _ways(by_text: Mapping[str, Sequence[Signature]], text: str) -> list[str]:
    """
    A text, what gives way for it, what for that, and so on; a circle ends.
    """
    ways = [text]
    for way in ways:
        for one in by_text.get(way, ()):
            former = _bare(one.former)
            if former and former not in ways:
                ways.append(former)
    return ways
