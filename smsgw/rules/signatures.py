"""
Signatures (签名): which one a message carries, and where carriers accept it.

A text without an object in the directory is used as it is. One that a carrier has
not accepted gives way to its former text there; without one, the channel may not
carry the message.
"""

from collections.abc import Iterable, Mapping, Sequence

import attrs

from smsgw.directory import Account, Signature, Template
from smsgw.errors import Refused
from smsgw.text import bracketed

__all__ = ["FOREIGN", "Signatures", "mistakes_of"]

FOREIGN = 4008
_ACCEPTED = "accepted"
_LEAST, _MOST = 2, 20
_STATES = frozenset({"draft", "filed", "accepted", "suspended"})


def mistakes_of(signature: Signature) -> list[str]:
    """
    Everything that is wrong with a signature, in words.
    """
    found = []
    text = signature.text
    if not _LEAST <= len(text) <= _MOST:
        found.append(f"text 应为 {_LEAST}–{_MOST} 个字 / must have so many characters")
    if any(one in "【】[]" or one.isspace() or not one.isprintable() for one in text):
        found.append("text 不能含括号或空白 / must have no brackets or blanks")
    if signature.former == text:
        found.append("former 不能是自己 / must be another text")
    found += [
        f"filings.{where}: {state!r} 未知 / unknown state"
        for where, state in signature.filings.items()
        if state not in _STATES
    ]
    return found


@attrs.frozen
class Signatures:
    """
    All signatures in use, by id and by text.
    """

    by_id: Mapping[str, Signature]
    by_text: Mapping[str, Signature]
    _known: dict[tuple[str, str, str], str | None] = attrs.field(
        factory=dict, eq=False, repr=False
    )

    @classmethod
    def of(cls, signatures: Iterable[Signature]) -> "Signatures":
        """
        Those that are active.
        """
        some = [one for one in signatures if one.active]
        return cls({one.id: one for one in some}, {one.text: one for one in some})

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
        a text or an id; L{Refused} when the account may not use it.
        """
        if asked is not None:
            return self._asked(asked, account, chain)
        named = self.by_id.get(template.signature) if template is not None else None
        if named is not None:
            return named.text
        if account.signature:
            known = self.by_id.get(account.signature)
            return known.text if known is not None else account.signature
        for department in chain:
            for one in self.by_id.values():
                if one.department == department and not one.account:
                    return one.text
        return ""

    def _asked(self, asked: str, account: Account, chain: Sequence[str]) -> str:
        bare = asked.strip("【】")
        found = self.by_id.get(asked) or self.by_text.get(bare)
        if found is None:
            return bare
        ours = found.account in ("", account.id)
        if not ours or (found.department and found.department not in chain):
            raise Refused(FOREIGN, found.text, "signature")
        return found.text

    def on_channel(self, text: str, channel: str, carrier: str) -> str | None:
        """
        The text to use there, None if the channel may not carry it.

        A filing for the channel counts before one for its carrier; a signature
        without either needs none.
        """
        asked = (text, channel, carrier)
        if asked not in self._known:
            self._known[asked] = self._on_channel(text, channel, carrier)
        return self._known[asked]

    def _on_channel(self, text: str, channel: str, carrier: str) -> str | None:
        seen = set[str]()
        bare = text.strip("【】")
        while bare not in seen:
            seen.add(bare)
            signature = self.by_text.get(bare)
            if signature is None:
                return bare
            filings = signature.filings
            state = filings.get(channel, filings.get(carrier, _ACCEPTED))
            if state == _ACCEPTED:
                return bare
            if not signature.former:
                return None
            bare = signature.former.strip("【】")
        return None

    def longest(self, text: str) -> str:
        """
        The longest text that may stand in a message's place for its signature: what
        has to be counted before splitting.
        """
        seen, bare = list[str](), text.strip("【】")
        while bare not in seen:
            seen.append(bare)
            signature = self.by_text.get(bare)
            if signature is not None and signature.former:
                bare = signature.former.strip("【】")
        return max(seen, key=lambda one: len(bracketed(one)))
