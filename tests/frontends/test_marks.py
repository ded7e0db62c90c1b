"""
Tests of marks in memory, and of the record's marks under the notifier.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import msgspec
from twisted.internet.task import Clock

from smsgw.directory import Directory, Webhook
from smsgw.frontends.marks import Unread
from smsgw.frontends.notify import Notifier
from smsgw.metrics import Metrics
from smsgw.outgoing import Response
from smsgw.storage.database import Database
from smsgw.storage.reader import StoreReader
from smsgw.storage.webhooks import WebhookStore
from smsgw.tasks import SystemClock
from smsgw.views import EventView
from tests.support.doors import NOW, Shown
from tests.support.record import (
    FIELDS,
    chunk,
    ended,
    facts,
    now_or_never,
    record,
    sent,
)

HOOK = Webhook("h1", "his", "http://127.0.0.1:8090/h1", ("key",))


def event(seq: int) -> EventView:
    """
    An event of C{his}.
    """
    return EventView(seq, f"e{seq}", "message.delivered", "M", NOW, {})


@attrs.define(eq=False)
class Receivers:
    """
    Takes everything, by address.
    """

    seen: dict[str, list[Any]] = attrs.field(factory=dict)

    async def ask(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b""
    ) -> Response:
        """
        One callback.
        """
        self.seen.setdefault(url, []).extend(msgspec.json.decode(body)["events"])
        return Response(204, {}, b"")


def test_what_nobody_acknowledged_is_due() -> None:
    """
    After the mark, without a past.
    """
    shown = Shown(stream=[event(1), event(2), event(3)])
    shown.acknowledged[("his", "api:his")] = ["e2"]
    marks = Unread(shown)
    now_or_never(marks.failed("h1", 1, NOW + 10, "status 500", NOW))
    found = now_or_never(marks.due(HOOK, NOW))

    assert found is not None
    assert ([1, 3], 0) == ([one.seq for one in found.events], found.failures)
    now_or_never(marks.delivered("h1", 3, NOW))
    assert now_or_never(marks.due(HOOK, NOW)) is None


def test_the_record_keeps_a_mark_for_each_webhook(tmp_path: Path) -> None:
    """
    Two webhooks of one account get all events each, and not again.
    """
    database = Database.open(f"sqlite:///{tmp_path / 'record.db'}")
    now_or_never(database.prepare())
    record(database, chunk(), facts(*sent(), *ended()))
    reader, receivers = StoreReader(database, FIELDS), Receivers()
    hooks = {
        name: attrs.evolve(HOOK, id=name, url=f"http://127.0.0.1:8090/{name}")
        for name in ("h1", "h2")
    }
    for _ in range(2):
        notifier = Notifier(
            reader,
            receivers,
            SystemClock(Clock()),
            lambda: 0.5,
            Metrics(),
            WebhookStore(database, reader),
        )
        notifier.follow(Directory(webhooks=hooks))
        now_or_never(notifier.stop())
    database.close()

    expected = ["message.submitted", "message.delivered"]
    assert sorted(hook.url for hook in hooks.values()) == sorted(receivers.seen)
    for told in receivers.seen.values():
        assert expected == [one["type"] for one in told]
