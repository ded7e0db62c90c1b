"""
The days of a hospital one after another: what was sent, and all that came of it.
"""

import heapq
from collections.abc import Iterator, Sequence
from itertools import count

import attrs

from smsgw.chronicle.answers import Answers
from smsgw.chronicle.curves import DAY, day_of, moment, weekday_of
from smsgw.chronicle.fates import BLOCKED, Fates, Going
from smsgw.chronicle.people import Chances, Patient, People, pick
from smsgw.chronicle.writings import Habit, habit_of, written
from smsgw.directory import Account, Channel, Directory
from smsgw.ids import IdSource
from smsgw.message import Chunk, Fact, encode
from smsgw.rules.classify import lane_of
from smsgw.text.coding import TextPolicy
from smsgw.text.segments import measure

__all__ = ["SHARDS", "Month", "Stretch"]

SHARDS = range(255, 223, -1)
_POLICY = TextPolicy()
_CHUNK, _LARGEST, _USUAL = 200, 1_000, 150
_STEP = 3 * 3600.0
_PACE = 0.02
_REACHES_ALL = ("otp", "critical")
_QUIET = 900.0  # nothing is accepted so shortly before the end: all has its fate


@attrs.frozen
class Stretch:
    """
    What the queue would have told until C{at} (epoch seconds).
    """

    at: float
    items: Sequence[tuple[str, bytes]]
    accepted: int


@attrs.frozen(order=False)
class _Sending:
    """
    One submission: the same text, personal or not, to these people.
    """

    at: float
    account: Account
    habit: Habit
    people: Sequence[Patient]


@attrs.define(eq=False)
class Month:
    """
    C{days} that end at C{end}, with about C{per_day} messages on a working day; each
    past of a record has ids of another of L{SHARDS}, which no gateway uses.
    """

    directory: Directory
    chance: Chances
    end: float
    days: int = 30
    per_day: int = 3_000
    shard: int = SHARDS[0]
    _people: People = attrs.field(init=False)
    _fates: Fates = attrs.field(init=False)
    _answers: Answers = attrs.field(init=False)
    _ids: IdSource = attrs.field(init=False)
    _facts: list[tuple[float, int, Fact]] = attrs.field(factory=list, init=False)
    _order: "count[int]" = attrs.field(factory=count, init=False)
    _by_carrier: dict[str, list[Channel]] = attrs.field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self._people = People(self.chance)
        self._fates = Fates(self.chance, self.end)
        self._answers = Answers(self.chance)
        self._ids = IdSource(self.shard)
        for channel in self.directory.channels.values():
            if channel.active:
                self._by_carrier.setdefault(channel.carrier, []).append(channel)

    def stretches(self) -> Iterator[Stretch]:
        """
        All of it, a few hours at a time, in order.
        """
        first = day_of(self.end) - (self.days - 1) * DAY
        for number in range(self.days):
            midnight = first + number * DAY
            waiting = sorted(self._day(midnight), key=lambda one: one.at)[::-1]
            until = midnight
            while until < min(midnight + DAY, self.end):
                until = min(until + _STEP, midnight + DAY, self.end)
                yield self._stretch(waiting, until)
        if self._facts:
            yield Stretch(self.end, self._told(self.end), 0)

    def _stretch(self, waiting: list[_Sending], until: float) -> Stretch:
        items, accepted = [], 0
        while waiting and waiting[-1].at < until:
            sending = waiting.pop()
            if sending.at > self.end - _QUIET:
                continue
            chunks = self._chunks(sending)
            items += [("chunk", encode(chunk)) for chunk in chunks]
            accepted += len(sending.people)
        return Stretch(until, items + self._told(until), accepted)

    def _told(self, until: float) -> list[tuple[str, bytes]]:
        facts = []
        while self._facts and self._facts[0][0] <= until:
            facts.append(heapq.heappop(self._facts)[2])
        return [
            ("facts", encode(facts[start : start + _CHUNK]))
            for start in range(0, len(facts), _CHUNK)
        ]

    def _day(self, midnight: float) -> Iterator[_Sending]:
        """
        What a day's applications submit.
        """
        accounts = [one for one in self.directory.accounts.values() if one.active]
        habits = [(one, habit_of(one)) for one in accounts]
        shares = sum(habit.share for _, habit in habits) or 1.0
        resting = weekday_of(midnight) > 4
        for account, habit in habits:
            wanted = self.per_day * habit.share / shares
            wanted *= (habit.weekend if resting else 1.0) * (0.9 + 0.2 * self.chance())
            yield from self._of_account(midnight, account, habit, wanted)

    def _of_account(
        self, midnight: float, account: Account, habit: Habit, wanted: float
    ) -> Iterator[_Sending]:
        chance = self.chance
        left = wanted * habit.campaign
        while left > 1:
            size = int(min(left, _LARGEST, _USUAL * (0.3 + 2 * chance()))) or 1
            left -= size
            at = midnight + moment(chance, habit.curve)
            yield _Sending(at, account, habit, self._people.some(size))
        for _ in range(int(wanted * (1 - habit.campaign) + chance())):
            at = midnight + moment(chance, habit.curve)
            yield _Sending(at, account, habit, [self._people.one()])

    def _chunks(self, sending: _Sending) -> Iterator[Chunk]:
        """
        The submission as it was accepted; its messages' facts join the others.
        """
        account, people = sending.account, sending.people
        texts = written(self.chance, pick(self.chance, sending.habit.texts), people)
        ids = self._ids.take(len(people), sending.at)
        parts = [measure(one, account.signature, _POLICY).segments for one in texts]
        if len(texts) < len(people):
            parts *= len(people)
        self._tell(self._routed(ids[0], sending))
        for place, person in enumerate(people):
            wait = 0.05 + place * _PACE
            self._go(
                sending,
                Going(
                    ids[place],
                    account.id,
                    person,
                    self._channel(person),
                    parts[place],
                    sending.at,
                    wait,
                ),
            )
        alone = len(people) == 1
        for start in range(0, len(people), _CHUNK):
            cut = slice(start, start + _CHUNK)
            yield self._chunk(
                sending,
                ids[0],
                ids[cut],
                texts[cut] if len(texts) > 1 else [],
                texts[0] if len(texts) == 1 else "",
                parts[cut],
                [one.number for one in people[cut]],
                [f"{account.id}-{ids[0][4:]}"] if alone else [],
            )

    def _chunk(
        self,
        sending: _Sending,
        batch: str,
        ids: Sequence[str],
        texts: list[str],
        text: str,
        parts: list[int],
        numbers: list[str],
        refs: list[str],
    ) -> Chunk:
        account, category = sending.account, sending.habit.category
        return Chunk(
            1,
            ids[0],
            account.id,
            batch,
            lane_of(category),
            category,
            account.signature,
            account.extension,
            sending.at,
            0.0,
            sending.at + account.validity,
            "",
            {},
            text,
            list(ids),
            numbers,
            texts,
            refs,
            parts,
            template=sending.habit.template,
        )

    def _routed(self, batch: str, sending: _Sending) -> Fact:
        carriers = sorted({one.carrier for one in sending.people})
        ways = [f"{one}: {self._rule(one)}" for one in carriers]
        note, account = "; ".join(ways), sending.account.id
        return Fact("routed", batch, sending.at + 0.01, note=note, account=account)

    def _rule(self, carrier: str) -> str:
        for rule in self.directory.rules:
            if rule.active and rule.carrier in ("", carrier):
                return f"{rule.id} -> {rule.group}"
        return "-"

    def _go(self, sending: _Sending, going: Going) -> None:
        """
        One message: it is stopped for who opted out, else it leaves and, now and
        then, is answered.
        """
        account, number = going.account, going.patient.number
        stopped = self._answers.stopped.get((account, number), self.end)
        if stopped < going.at and sending.habit.category not in _REACHES_ALL:
            self._tell(
                Fact(
                    "rejected",
                    going.id,
                    going.at + 0.01,
                    "rejected",
                    code=BLOCKED,
                    account=account,
                )
            )
            return
        for fact in self._fates.of(going):
            self._tell(fact)
        arrived = fact.state == "delivered"
        if arrived and self.chance() < sending.habit.answers:
            at = fact.at + 20 + 5400 * self.chance() ** 3
            if at < self.end:
                extension = sending.account.extension
                words = (account, number, going.channel, extension, at)
                self._tell(self._answers.to(*words))

    def _tell(self, fact: Fact) -> None:
        heapq.heappush(self._facts, (fact.at, next(self._order), fact))

    def _channel(self, person: Patient) -> Channel:
        """
        One of the carrier's; of any where it has none.
        """
        fitting = self._by_carrier.get(person.carrier)
        if not fitting:
            fitting = next(iter(self._by_carrier.values()))
        return fitting[int(self.chance() * len(fitting))]
