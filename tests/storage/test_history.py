"""
Tests of L{smsgw.storage.history}.
"""

from collections.abc import Coroutine
from typing import Any

import pytest

from smsgw.rules.rehearsal import Past
from smsgw.security.fields import Fields
from smsgw.storage import history as module
from smsgw.storage.database import Database
from smsgw.storage.history import History
from tests.support.record import FIELDS, IDS, NOW, PHONE, chunk, now_or_never, record

SEALED = Fields("on", "on", key=bytes(range(32)))


def pages(
    database: Database, limit: int, since: float = 0.0, **more: Any
) -> list[list[Past]]:
    """
    All pages that are read.
    """
    read = History(database, more.pop("fields", FIELDS), **more)

    async def whole() -> list[list[Past]]:
        return [page async for page in read.pages(limit, since)]

    work: Coroutine[Any, Any, list[list[Past]]] = whole()
    return now_or_never(work)


def test_the_newest_first(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Page by page, no more than are wanted, each once.
    """
    monkeypatch.setattr(module, "PAGE", 4)
    record(database, chunk(IDS[:10]))

    found = pages(database, 7)
    assert [4, 3] == [len(page) for page in found]
    assert IDS[9:2:-1] == [one.id for page in found for one in page]
    assert 10 == sum(map(len, pages(database, 100)))


def test_fields_are_opened(database: Database) -> None:
    """
    Sealed ones, too; texts only when they are wanted.
    """
    record(database, chunk(IDS[:1]), fields=SEALED)

    whole = Past(IDS[0], "his", "notice", "市一医院", PHONE, "您的检查报告已出。", NOW)
    assert [[whole]] == pages(database, 9, fields=SEALED)
    [[bare]] = pages(database, 9, fields=SEALED, texts=False)
    assert (PHONE, "") == (bare.to, bare.text)


def test_since(database: Database) -> None:
    """
    By time of acceptance.
    """
    record(database, chunk(IDS[:1]), chunk(IDS[1:2], at=NOW + 600))

    assert [[IDS[1]]] == [
        [one.id for one in page] for page in pages(database, 9, NOW + 600)
    ]
    assert [] == pages(database, 9, NOW + 601)
