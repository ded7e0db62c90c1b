"""
Held chunks are looked for by name; see test_rules for their way.
"""

from smsgw.directory import Directory
from smsgw.gateway.consent import Consent, Decision
from smsgw.gateway.counting import Counting
from smsgw.queues.memory import MemoryQueue
from smsgw.rules.book import Rulebook
from tests.support.shards import NOW, done


def test_what_is_not_there_was_acted_on() -> None:
    """
    A decision about a chunk that is gone moves nothing.
    """
    consent = Consent(MemoryQueue(), Counting())
    book = Rulebook.of(Directory())
    assert 0 == done(consent.act({"gone": Decision("approved")}, book, 1, NOW))
