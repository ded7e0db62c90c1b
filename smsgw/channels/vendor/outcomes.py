"""
What a vendor's answer says became of each message that it was handed.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import attrs

from smsgw.channels.vendor.paths import Path, parse_body
from smsgw.channels.vendor.settings import Answer, SubmitAnswer
from smsgw.numbering import normalise_many
from smsgw.outgoing import Response
from smsgw.protocols.neutral import Rejected, Sent, Throttled

__all__ = ["Doubt", "Handed", "OutcomeReader", "Result", "SuccessReader", "plain"]

_KNOWN_ANY = "*"


@attrs.frozen
class Doubt:
    """
    The message may have been taken; nobody said.
    """

    why: str


Result = Sent | Rejected | Throttled | Doubt


@attrs.frozen
class Handed:
    """
    A message of the request: its number, and the id that we gave it.
    """

    number: str = attrs.field(repr=False)
    own_id: str


@attrs.frozen
class SuccessReader:
    """
    Did a request succeed, and what came with it?
    """

    answer: Answer
    charset: str
    _code: Path

    @classmethod
    def of(cls, answer: Answer, charset: str) -> "SuccessReader":
        """
        C{ValueError} for a path that is none.
        """
        return cls(answer, charset, Path.parse(answer.code))

    def document(self, response: Response) -> Any:
        """
        The answer in its form; C{ValueError} when it has another.
        """
        return parse_body(response.body, self.answer.format, self.charset)

    def code(self, document: Any) -> str:
        """
        '' for success, else the code; C{ValueError} if there is none.
        """
        if not self.answer.code:
            return ""
        code = self._code.text(document)
        if code in self.answer.success:
            return ""
        if not code:
            raise ValueError(f"no {self.answer.code} in the answer")
        return code


@attrs.frozen
class OutcomeReader:
    """
    A L{SubmitAnswer}, compiled.
    """

    answer: SubmitAnswer
    _whole: SuccessReader
    _id: Path
    _items: Path
    _item_code: Path
    _item_id: Path
    _item_number: Path

    @classmethod
    def of(cls, answer: SubmitAnswer, charset: str) -> "OutcomeReader":
        """
        C{ValueError} for a path that is none.
        """
        paths = (
            answer.id,
            answer.items,
            answer.item_code,
            answer.item_id,
            answer.item_number,
        )
        return cls(answer, SuccessReader.of(answer, charset), *map(Path.parse, paths))

    def read(self, response: Response, handed: Sequence[Handed]) -> list[Result]:
        """
        One result for each message, in order; never raises.
        """
        if response.status not in self.answer.status:
            return self._all(handed, self._by_status(response.status))
        try:
            document = self._whole.document(response)
            code = self._whole.code(document)
        except ValueError as error:
            return self._all(handed, Doubt(str(error)))
        if code:
            return self._all(handed, self._failed(code))
        if not self.answer.items:
            return [self._taken(document, {}, one) for one in handed]
        return self._by_item(document, handed)

    def _all(self, handed: Sequence[Handed], result: Result) -> list[Result]:
        return [result] * len(handed)

    def _by_status(self, status: int) -> Result:
        classes = self.answer.http_classes
        class_ = classes.get(str(status), classes.get(_KNOWN_ANY, "unknown_outcome"))
        return self._classed(f"http-{status}", class_)

    def _failed(self, code: str) -> Result:
        classes = self.answer.classes
        return self._classed(
            code, classes.get(code, classes.get(_KNOWN_ANY, "permanent"))
        )

    def _classed(self, code: str, class_: str) -> Result:
        if class_ == "throttle":
            return Throttled(self.answer.throttle_seconds, code)
        if class_ == "unknown_outcome":
            return Doubt(f"code {code}")
        return Rejected(code, class_)

    def _by_item(self, document: Any, handed: Sequence[Handed]) -> list[Result]:
        rows = self._items.rows(document)
        if not self.answer.item_number:
            paired = [*rows, *[None] * len(handed)]
            return [
                self._item(document, row, one)
                for row, one in zip(paired, handed, strict=False)
            ]
        number = partial(_number_at, self._item_number)
        by_number: Mapping[str, Any] = {number(row): row for row in rows}
        return [self._item(document, by_number.get(one.number), one) for one in handed]

    def _item(self, document: Any, row: Any, one: Handed) -> Result:
        if row is None:
            return Doubt("no result for this one")
        if self.answer.item_code:
            code = self._item_code.text(row)
            if not code:
                return Doubt(f"no {self.answer.item_code} in a result")
            if code not in self.answer.item_success:
                return self._failed(code)
        return self._taken(document, row, one)

    def _taken(self, document: Any, row: Any, one: Handed) -> Sent:
        answer = self.answer
        if answer.id_per == "own":
            return Sent(one.own_id)
        source = self._item_id.text(row) if answer.item_id else ""
        found = source or (self._id.text(document) if answer.id else "")
        if found and answer.id_per == "request":
            found = f"{found}/{one.number}"
        return Sent(found)


def _number_at(path: Path, row: Any) -> str:
    return plain(path.text(row))


def plain(number: str) -> str:
    """
    The number in our one form; one that is none of ours as it came.
    """
    if len(number) == 11 and number.isdecimal() and number.isascii():
        return number
    return normalise_many([number])[0] or number
