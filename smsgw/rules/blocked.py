"""
Numbers that get no messages: whom they are blocked for, and until when.

A scope is C{all}, C{account:ID}, C{department:ID} or C{category:NAME}. Who opted out by
a reply or a page still gets what cannot wait: critical values and codes.
"""

from collections.abc import Iterable, Iterator, Mapping

import attrs

from smsgw.rules.classify import lane_of

__all__ = ["ALL", "BY_PAGE", "BY_PATIENT", "BY_REPLY", "Block", "Blocked", "scopes_of"]

ALL = "all"
BY_REPLY, BY_PAGE = "reply", "page"
#: The person's own wish, however it came.
BY_PATIENT = frozenset({BY_REPLY, BY_PAGE})
_SPARED = frozenset({"critical", "code"})


@attrs.frozen
class Block:
    """
    One number in one scope; C{until} is epoch seconds, 0 for ever.

    C{source} says who asked (C{reply}, C{page}, C{operator}, C{import}); one not
    C{active} was lifted.
    """

    number: str
    scope: str = ALL
    until: float = 0.0
    source: str = "operator"
    active: bool = True


@attrs.frozen
class Blocked:
    """
    All blocks, by number.
    """

    by_number: Mapping[str, tuple[Block, ...]] = attrs.field(factory=dict)

    def __len__(self) -> int:
        return len(self.by_number)

    def __contains__(self, number: str) -> bool:
        return number in self.by_number

    def blocks(self) -> Iterator[Block]:
        """
        Every block.
        """
        for blocks in self.by_number.values():
            yield from blocks

    def with_changes(self, blocks: Iterable[Block]) -> "Blocked":
        """
        As after these; the newest word about a number and scope counts.
        """
        changed = dict(self.by_number)
        for block in blocks:
            others = [
                one for one in changed.get(block.number, ()) if one.scope != block.scope
            ]
            if block.active:
                others.append(block)
            if others:
                changed[block.number] = tuple(others)
            else:
                changed.pop(block.number, None)
        return Blocked(changed)

    def scope_of(
        self, number: str, scopes: frozenset[str], category: str, now: float
    ) -> str:
        """
        The scope in which the number is blocked for such a message, '' for none.

        C{scopes} are those that the message is in, see L{scopes_of}.
        """
        for block in self.by_number.get(number, ()):
            if block.scope not in scopes or (block.until and block.until <= now):
                continue
            if block.source in BY_PATIENT and lane_of(category) in _SPARED:
                continue
            return block.scope
        return ""


def scopes_of(
    account: str, departments: Iterable[str], category: str
) -> frozenset[str]:
    """
    Every scope that a message is in; C{departments} from its own to its campus.
    """
    return frozenset(
        {
            ALL,
            f"account:{account}",
            f"category:{category}",
            *(f"department:{one}" for one in departments),
        }
    )
