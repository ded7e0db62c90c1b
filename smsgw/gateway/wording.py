"""
What one text of a submission becomes: checked, counted, with its category.

Done once for each distinct text, however many numbers it goes to; pure.
"""

import attrs
import msgspec

from smsgw.directory import Account
from smsgw.errors import Refused
from smsgw.message import Submission
from smsgw.rules.book import Rulebook
from smsgw.rules.classify import CATEGORIES
from smsgw.text import TextPolicy, measure

__all__ = ["Draft", "Wording"]

_POLICY = TextPolicy()


class Wording(msgspec.Struct, frozen=True, gc=False):
    """
    A text as it is kept, its segments and its category.

    C{held} says why it waits for somebody's consent, '' if it does not;
    C{warnings} are for the caller to read.
    """

    text: str
    segments: int
    category: str
    held: str = ""
    warnings: tuple[str, ...] = ()


@attrs.frozen(eq=False)
class Draft:
    """
    What the texts of a submission have in common.

    C{category} is '' when it is told from each text; C{held} says why all of them
    wait for consent.
    """

    book: Rulebook
    account: Account
    category: str
    signature: str
    held: str = ""

    @classmethod
    def of(cls, book: Rulebook, account: Account, submission: Submission) -> "Draft":
        """
        From what the request says and what the account has for the rest.
        """
        category = submission.category or account.category
        if category not in CATEGORIES:
            raise Refused(2012, category, "category")
        signature = submission.signature
        if signature is None:
            signature = account.signature
        most, count = account.review_above, len(submission.items)
        held = f"more than {most}" if 0 < most < count else ""
        return cls(book, account, category, signature, held)

    @property
    def uniform(self) -> bool:
        """
        All texts have the same category, and none is held.
        """
        return bool(self.category)

    def word(self, text: str) -> Wording:
        """
        Check and count a text; L{Refused} names the field C{text}.
        """
        if not text or text.isspace():
            raise Refused(2004, "", "text")
        size = measure(text, self.signature, _POLICY)
        return Wording(text, size.segments, self.category, self.held)
