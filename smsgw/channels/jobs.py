"""
What one connection has to send: flights as segments, in order; without I/O.
"""

from collections import deque
from collections.abc import Iterator

import attrs

from smsgw.gateway.flight import Flight
from smsgw.message import LANES
from smsgw.text import SegmentText

__all__ = ["Job", "Jobs"]

_RANK = {lane: rank for rank, lane in enumerate(LANES)}
_URGENT = 2


@attrs.define(eq=False)
class Job:
    """
    A flight with its segments as this channel sends them.

    C{at}: when it came (monotonic). C{throttled} counts flow-control answers in a
    row. C{queued} and C{waiting} (granted segments not yet sent) belong to L{Jobs}.
    """

    flight: Flight
    segments: tuple[SegmentText, ...]
    throttled: int = 0
    gone: bool = False
    queued: bool = False
    waiting: int = 0
    at: float = 0.0

    def next_part(self) -> int | None:
        """
        The segment to send now, if one is granted and unsent.
        """
        attempt = self.flight.attempt
        for part in range(min(attempt.upto, len(self.segments))):
            if not attempt.parts[part].state:
                return part
        return None

    @property
    def wants_more(self) -> bool:
        """
        Segments are left that no exchange has granted yet.
        """
        return not self.gone and self.flight.attempt.upto < len(self.segments)


@attrs.define(eq=False)
class Jobs:
    """
    The jobs of one connection: critical and code first, else in order of coming.

    A message that was begun goes before others of its lane, so that at most one
    per lane is partly sent.
    """

    _lanes: tuple[deque[Job], ...] = attrs.field(
        factory=lambda: tuple(deque() for _ in LANES), init=False
    )
    unsent: int = attrs.field(default=0, init=False)

    def add(self, job: Job) -> None:
        """
        A new job, or one whose segments are to be sent (again).
        """
        waiting = len(job.flight.sendable())
        self.unsent += waiting - job.waiting
        job.waiting = waiting
        if job.queued:
            return
        job.queued = True
        lane = self._lanes[_RANK[job.flight.message.lane]]
        begun = any(part.state for part in job.flight.attempt.parts)
        if begun or job.throttled:
            lane.appendleft(job)
        else:
            lane.append(job)

    def sent(self, job: Job, part: int) -> None:
        """
        A segment of the head left.
        """
        job.flight.sent(part)
        job.waiting -= 1
        self.unsent -= 1

    def drop(self, job: Job) -> None:
        """
        Nothing more of this job is to be sent.
        """
        job.gone = True
        self.unsent -= job.waiting
        job.waiting = 0

    def head(self) -> tuple[Job, int] | None:
        """
        Which segment leaves next; finished jobs are dropped on the way.
        """
        for rank, lane in enumerate(self._lanes):
            while lane:
                job = lane[0]
                if not job.gone and (part := job.next_part()) is not None:
                    return job, part
                if job.wants_more:
                    break
                lane.popleft().queued = False
            if lane and rank >= _URGENT:
                return None
        return None

    def starved(self) -> Iterator[Job]:
        """
        Begun jobs that need another grant before they can go on.
        """
        for lane in self._lanes:
            if lane and lane[0].wants_more and lane[0].next_part() is None:
                yield lane[0]

    def drain(self) -> list[Job]:
        """
        Take everything out.
        """
        jobs = [job for lane in self._lanes for job in lane if not job.gone]
        for lane in self._lanes:
            lane.clear()
        for job in jobs:
            job.queued, job.waiting = False, 0
        self.unsent = 0
        return jobs
