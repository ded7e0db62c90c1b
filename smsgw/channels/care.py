"""
Looks after the channels of a shard once a second: samples in, decisions out.
"""

from collections import deque
from collections.abc import Iterable
from typing import Protocol

import attrs
from twisted.logger import Logger

from smsgw.channels.history import History
from smsgw.gateway.gates import Gates
from smsgw.gateway.outbox import Outbox
from smsgw.metrics import Metrics
from smsgw.ports import Clock
from smsgw.rules.health import Change, Health
from smsgw.rules.signs import Limits, Sample

__all__ = ["Care", "Patient"]

_MOST = 1000
_LEVELS = 5  # looks from one setting of levels to the next
Word = tuple[str, str, str]


class Patient(Protocol):
    """
    A channel as its health is looked after.
    """

    @property
    def id(self) -> str: ...
    def sample(self, now: float) -> Sample: ...
    def fresh(self, now: float) -> None: ...
    def give_back(self) -> int: ...


@attrs.define(eq=False)
class Care:
    """
    C{decided}: (channel, change) that nobody wrote down yet, the newest 1000; times
    of changes are epoch seconds, those inside a L{Health} are monotonic.
    """

    gates: Gates
    outbox: Outbox
    clock: Clock
    metrics: Metrics = attrs.field(factory=Metrics)
    limits: Limits = attrs.field(factory=Limits)
    decided: deque[tuple[str, Change]] = attrs.field(
        factory=lambda: deque(maxlen=_MOST), init=False
    )
    history: History = attrs.field(factory=History, init=False)
    _standing: dict[str, Word] = attrs.field(factory=dict, init=False)
    _looks: int = attrs.field(default=0, init=False)
    _new: dict[str, Word] = attrs.field(factory=dict, init=False)

    log = Logger()

    def look(self, patients: Iterable[Patient]) -> None:
        """
        Decide anew about each; those that are not here any more are forgotten.
        """
        now, seen = self.clock.monotonic(), set()
        for patient in patients:
            seen.add(patient.id)
            health = self._health(patient.id)
            change = self._change(patient, health, now)
            if change is not None:
                self._changed(patient.id, change)
                patient.fresh(now)
            if not self._serves(patient.id, health):
                patient.give_back()
        self._looks += 1
        if self._looks % _LEVELS == 1:
            self._levels()
        for gone in self.gates.healths.keys() - seen:
            del self.gates.healths[gone]
            self.history.close(gone)
            self.metrics.forget("channel", gone)
        for gone in self._new.keys() - seen:
            del self._new[gone]

    def _health(self, channel: str) -> Health:
        health = self.gates.healths.get(channel)
        if health is None:
            health = self.gates.healths[channel] = Health(self.limits)
            if channel in self._standing:
                self._new.setdefault(channel, self._standing[channel])
        return health

    def _change(self, patient: Patient, health: Health, now: float) -> Change | None:
        """
        What people say goes before what is seen.
        """
        sample, word = patient.sample(now), self._new.pop(patient.id, None)
        self._count(patient.id, sample)
        self.history.count(patient.id, sample, self.clock.now())
        change = health.order(*word, now) if word is not None else None
        return change or health.look(sample, now)

    def _serves(self, channel: str, health: Health) -> bool:
        """
        What it has in hand may stay there.
        """
        if health.state not in ("tripped", "paused"):
            return True
        if health.hard:
            return False
        return self.gates.alone(channel)

    def order(self, channel: str, word: str, why: str, who: str) -> None:
        """
        A person's word about a channel, followed at the next look; a pause stands
        even if the channel comes later. See L{Health.order}.
        """
        self._new[channel] = (word, why, who)
        if word in ("paused", "draining"):
            self._standing[channel] = (word, why, who)
        else:
            self._standing.pop(channel, None)

    def _changed(self, channel: str, change: Change) -> None:
        change = attrs.evolve(change, at=self.clock.now())
        self.log.warn(
            "{channel}: {before} -> {after} by {who}: {why}",
            channel=channel,
            before=change.before,
            after=change.after,
            who=change.who,
            why=change.why,
        )
        self.decided.append((channel, change))
        self.metrics.count("smsgw_switches_total", 1, channel, change.after)
        self.metrics.level("smsgw_channel_well", int(change.after == "well"), channel)
        self.outbox.wake()

    # What monitoring reads.

    def _count(self, channel: str, sample: Sample) -> None:
        level, count = self.metrics.level, self.metrics.count
        level("smsgw_connections", sample.links, channel)
        level("smsgw_connections_wanted", sample.wanted, channel)
        level("smsgw_channel_held", sample.held, channel)
        if sample.drops:
            count("smsgw_link_drops_total", sample.drops, channel)
        answers = {
            "taken": sample.taken,
            "refused": sample.refused,
            "other": sample.other,
            "lost": sample.lost,
        }
        if any(answers.values()):
            count("smsgw_segments_total", sum(answers.values()), channel)
        receipts = {"delivered": sample.delivered, "failed": sample.failed}
        for name, counts in (
            ("smsgw_responses_total", answers),
            ("smsgw_receipts_total", receipts),
        ):
            for label, number in counts.items():
                if number:
                    count(name, number, channel, label)
        for delay in sample.delays:
            self.metrics.took("smsgw_response_seconds", delay, channel)

    def _levels(self) -> None:
        level = self.metrics.level
        for channel, health in self.gates.healths.items():
            total = health.total()
            level("smsgw_channel_well", int(health.well), channel)
            level("smsgw_channel_response_p95", total.slowness, channel)
            level("smsgw_channel_refusals", total.refusals, channel)
            level("smsgw_channel_delivery", total.delivery, channel)
            level("smsgw_channel_backlog_seconds", total.backlog, channel)
