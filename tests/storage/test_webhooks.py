"""
A webhook goes through its account's events in order, and waits after failures.
"""

import attrs
import pytest

from smsgw.directory import Webhook
from smsgw.storage.database import Database
from smsgw.storage.reader import StoreReader
from smsgw.storage.webhooks import Due, WebhookStore
from tests.support.record import (
    FIELDS,
    NOW,
    chunk,
    ended,
    facts,
    now_or_never,
    record,
    sent,
)

HOOK = Webhook("w", "his", "https://his.invalid/sms", ("key",))


@pytest.fixture
def store(database: Database) -> WebhookStore:
    """
    A store with two events of one message.
    """
    record(database, chunk(), facts(*sent(), *ended()))
    return WebhookStore(database, StoreReader(database, FIELDS))


def due(store: WebhookStore, hook: Webhook = HOOK, now: float = NOW) -> Due | None:
    """
    What is to be pushed.
    """
    return now_or_never(store.due(hook, now))


def test_events_are_due_until_delivered(store: WebhookStore) -> None:
    """
    What was taken is not given again.
    """
    found = due(store)
    assert found is not None
    assert [1, 2] == [event.seq for event in found.events]
    now_or_never(store.delivered("w", 1, NOW))
    rest = due(store)
    assert rest is not None
    assert [2] == [event.seq for event in rest.events]
    now_or_never(store.delivered("w", 2, NOW))
    assert due(store) is None


def test_an_acknowledgement_is_another_matter(
    store: WebhookStore, database: Database
) -> None:
    """
    What the customer's side said to have by way of the API is pushed all the same.
    """
    reader = StoreReader(database, FIELDS)
    events = now_or_never(reader.events("his", (), 0, 9))
    ids = [event.event_id for event in events]

    assert 2 == now_or_never(reader.acknowledge("his", "api:his", ids, NOW))
    found = due(store)
    assert found is not None
    assert ids == [event.event_id for event in found.events]


def test_a_failure_waits_for_its_time(store: WebhookStore) -> None:
    """
    Nothing is lost meanwhile, and success forgets failures.
    """
    now_or_never(store.failed("w", 1, NOW + 30, "503", NOW))
    assert due(store) is None
    found = due(store, now=NOW + 30)
    assert found is not None
    assert (1, 2) == (found.failures, len(found.events))
    now_or_never(store.delivered("w", 1, NOW + 30))
    rest = due(store)
    assert rest is not None
    assert 0 == rest.failures


def test_types_and_activity_decide(store: WebhookStore) -> None:
    """
    Unwanted types are skipped; a webhook that is off gets nothing.
    """
    found = due(store, attrs.evolve(HOOK, types=("message.delivered",)))
    assert found is not None
    assert ["message.delivered"] == [event.type for event in found.events]
    assert due(store, attrs.evolve(HOOK, active=False)) is None
    assert due(store, attrs.evolve(HOOK, account="lis")) is None
