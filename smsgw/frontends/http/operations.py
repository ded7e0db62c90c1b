"""
Health, readiness and metrics, for load balancers and monitoring.
"""

from collections.abc import Callable, Mapping

import attrs

from smsgw.frontends.http.call import Answer, answer
from smsgw.metrics import CONTENT_TYPE, Metrics

__all__ = ["Operations"]


@attrs.define(eq=False)
class Operations:
    """
    C{parts} tells of each part of the service whether it works.
    """

    parts: Callable[[], Mapping[str, bool]]
    metrics: Metrics

    def health(self) -> Answer:
        """
        The process lives and answers.
        """
        return answer({"status": "ok"})

    def ready(self) -> Answer:
        """
        503 until every part works.
        """
        parts = dict(self.parts())
        good = bool(parts) and all(parts.values())
        told = {"status": "ready" if good else "starting", "parts": parts}
        if good:
            return answer(told)
        return answer(told, 503, Retry_After="1")

    def render(self) -> Answer:
        """
        Prometheus' text format.
        """
        return Answer(200, self.metrics.render(), {}, CONTENT_TYPE)
