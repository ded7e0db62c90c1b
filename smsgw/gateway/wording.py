"""
What one text of a submission becomes: checked, counted, with its category.

Done once for each distinct text, however many numbers it goes to; pure.
"""

from collections.abc import Mapping

import attrs
import msgspec

from smsgw.directory import Account
from smsgw.errors import Refused
from smsgw.message import Submission
from smsgw.rules.alike import MOST
from smsgw.rules.book import Rulebook, Told
from smsgw.rules.classify import AUTO, CATEGORIES, lane_of
from smsgw.rules.templates import CompiledTemplate
from smsgw.rules.words import Screened, WordFilter
from smsgw.text import TextPolicy, measure

__all__ = ["Draft", "Wording"]

CLOSED, FORBIDDEN = 1009, 4106
MANY = 200
_MANY = f"bulk: one text to {MANY} numbers or more 同文群发"
_ALIKE = f"bulk: nearly the same text to more than {MOST} numbers a minute 近似群发"
_NOTHING: tuple[str, ...] = ()
_POLICY = TextPolicy()


class Wording(msgspec.Struct, frozen=True, gc=False):
    """
    A text as it is kept, its segments and its category.

    C{held} says why it waits for somebody's consent, '' if it does not;
    C{warnings} are for the caller to read, C{why} for who traces it: how it came to
    its category, where that is not plain. C{words} are those that decided: pieces of
    the text, which only who has it may read.
    """

    text: str
    segments: int
    category: str
    held: str = ""
    warnings: tuple[str, ...] = ()
    why: str = ""
    words: str = ""

    @property
    def reason(self) -> str:
        """
        Why, with the words.
        """
        return f"{self.why}: {self.words}" if self.words else self.why

    def as_bulk(self) -> "Wording":
        """
        The same as one of many that are nearly the same.
        """
        told = (*self.warnings, _ALIKE)
        return msgspec.structs.replace(
            self, category="bulk", warnings=told, why=_ALIKE, words=""
        )


@attrs.frozen(eq=False)
class Draft:
    """
    What the texts of a submission have in common.

    C{category} is '' when it is told from each text; C{counted} is the signature
    with which segments are counted; C{held} says why all of them wait for consent;
    C{many}: one text goes to that many numbers. C{words} is None where none of the
    texts has anything to look at.
    """

    book: Rulebook
    account: Account
    template: CompiledTemplate | None
    category: str
    signature: str
    counted: str
    held: str = ""
    many: bool = False
    words: WordFilter | None = None

    @classmethod
    def of(
        cls, book: Rulebook, account: Account, submission: Submission, now: float
    ) -> "Draft":
        """
        From what the request says, its template and its account.
        """
        if not account.active or 0 < account.valid_until <= now:
            raise Refused(CLOSED, account.id)
        template = None
        if submission.template:
            template = book.template_for(submission.template, account)
        category = _category(account, template, submission)
        signature = book.signatures.of_message(
            account,
            book.chain_of(account),
            template.template if template is not None else None,
            submission.signature,
        )
        counted = book.signatures.longest(signature)
        most = account.review_above
        count = submission.whole or len(submission.items)
        held = f"more than {most}" if 0 < most < count else ""
        many = bool(submission.text) and count >= MANY
        words = _to_screen(book.lists.words, submission)
        return cls(
            book, account, template, category, signature, counted, held, many, words
        )

    @property
    def extension(self) -> str:
        """
        The template's, else the account's.
        """
        own = self.template.template.extension if self.template is not None else ""
        return own or self.account.extension

    def fill(self, values: Mapping[str, str]) -> Wording:
        """
        The template's text with these values; L{Refused} names C{vars.NAME}.
        """
        if self.template is None:
            raise Refused(2003, "template_id", "template_id")
        return self.word(self.template.render(values))

    def word(self, text: str) -> Wording:
        """
        Check and count a text; L{Refused} names the field C{text}.
        """
        if self.signature and "【" in text:
            # Written by the caller and put on again by us, where carriers differ.
            text = self.book.signatures.parted(text, self.signature)[1]
        if not text or text.isspace():
            raise Refused(2004, "", "text")
        held, warnings = self.held, _NOTHING
        if self.words is not None and self.words.strikes(text):
            screened = self._screened(text, self.words)
            if screened.hits:
                text, warnings = screened.text, _told(screened)
            if screened.level == "review":
                held = held or f"word: {screened.hits[0].word.text}"
        size = measure(text, self.counted, _POLICY)
        told = Told(self.category) if self.category else self._told(text)
        return Wording(
            text, size.segments, told.category, held, warnings, told.why, told.words
        )

    def _told(self, text: str) -> Told:
        """
        From the text; what goes to many at once is none of a single person's.
        """
        told = self.book.category_of(text, self.account)
        if self.many and lane_of(told.category) == "notice":
            return Told("bulk", _MANY)
        return told

    def _screened(self, text: str, words: WordFilter) -> Screened:
        account = self.account
        screened = words.scan(text, (account.id, *self.book.chain_of(account)))
        for hit in screened.hits:
            if hit.word.level == "refuse":
                place = f"{hit.word.text} ({hit.start + 1}–{hit.end})"
                raise Refused(FORBIDDEN, place, "text")
        return screened


def _to_screen(words: WordFilter, submission: Submission) -> WordFilter | None:
    """
    None where no text needs to be looked at by itself: many are quicker together.
    """
    texts = [item.text for item in submission.items if item.text]
    if not words or submission.template or not texts:
        return words or None
    together = "".join((submission.text or "", *texts))
    return words if words.strikes(together) else None


def _told(screened: Screened) -> tuple[str, ...]:
    """
    What the caller is told of words that do not stop a text.
    """
    return tuple(
        f"{hit.word.level}: {hit.word.text} ({hit.start + 1}–{hit.end})"
        for hit in screened.hits
    )


def _category(
    account: Account, template: CompiledTemplate | None, submission: Submission
) -> str:
    """
    The request's, else the template's, else the account's; '' for C{auto}.
    """
    own = template.template.category if template is not None else ""
    category = submission.category or own or account.category
    if category == AUTO:
        return ""
    if category not in CATEGORIES:
        raise Refused(2012, category, "category")
    return category
