"""
Messages as requests: which go together, and what a request says of them.
"""

from collections.abc import Callable, Sequence
from typing import Any

import attrs

from smsgw.channels.jobs import Job, Jobs
from smsgw.channels.vendor.asking import Request
from smsgw.channels.vendor.contract import VendorContract
from smsgw.channels.vendor.outcomes import Handed
from smsgw.errors import Refused
from smsgw.gateway.flight import Flight
from smsgw.text import SegmentText, bracketed, measure, sign
from smsgw.text.signing import unsigned

__all__ = ["Batch", "Whole", "gather", "make_batch", "whole_of"]

UNWORDED = "template"


@attrs.define(eq=False)
class Whole(Job):
    """
    A message that goes undivided; C{cost} is its segments by our measure, C{values}
    what a request may say of it.
    """

    cost: int = 1
    values: dict[str, Any] = attrs.field(factory=dict, repr=False)

    @property
    def kin(self) -> tuple[str, ...]:
        """
        What messages of one request have in common, if they must.
        """
        names = ("text", "signature", "extension", "template")
        return tuple(self.values[name] for name in names)


def whole_of(flight: Flight, contract: VendorContract) -> Whole:
    """
    L{Refused} for a text that cannot be sent; with L{UNWORDED} as its detail for
    one that no registered template makes.
    """
    message, policy = flight.message, contract.text_policy
    measured = measure(message.text, message.signature, policy)
    mark = bracketed(message.signature)
    signed = sign(message.text, mark, policy)
    bare = unsigned(signed, mark, policy.signature_at == "front") if mark else signed
    template, parameters = _worded(contract, bare)
    values = {
        "number": message.to,
        "text": bare if policy.signature_by == "carrier" else signed,
        "signature": mark[1:-1],
        "template": template,
        "params": parameters,
        "param_list": list(parameters.values()),
        "id": message.id,
        "attempt": message.attempt,
        "extension": message.extension,
        "segments": measured.segments,
        "category": message.category,
    }
    segment = SegmentText(1, 1, b"", measured.coding, False)
    return Whole(flight, (segment,), cost=measured.segments, values=values)


def _worded(contract: VendorContract, text: str) -> tuple[str, dict[str, str]]:
    for one in contract.templates:
        parameters = one.parameters(text)
        if parameters is not None:
            return one.template, parameters
    if contract.templates:
        raise Refused(4001, UNWORDED, "text")
    return "", {}


@attrs.frozen(eq=False)
class Batch:
    """
    What one request hands over.
    """

    jobs: Sequence[Whole]
    handed: Sequence[Handed]
    request: Request = attrs.field(repr=False)


def gather(
    jobs: Jobs, most: int, same: bool, may_leave: Callable[[int], bool]
) -> list[Whole]:
    """
    Take messages for one request, in order; a number is in it once. C{may_leave}
    spends a message's segments, if the pace allows.
    """
    found: list[Whole] = []
    numbers: set[str] = set()
    while len(found) < most and (head := jobs.head()) is not None:
        job, part = head
        assert isinstance(job, Whole)
        number = job.values["number"]
        if number in numbers or (found and same and job.kin != found[0].kin):
            break
        if not may_leave(job.cost):
            break
        jobs.sent(job, part)
        found.append(job)
        numbers.add(number)
    return found


def make_batch(
    jobs: Sequence[Whole], contract: VendorContract, own: dict[str, Any]
) -> Batch:
    """
    The request for these. C{ValueError} or L{LookupError} where a template cannot
    be filled, for example with a character that the vendor's charset lacks.
    """
    each = [own | job.values for job in jobs]
    ids = [contract.own_id.text(one.__getitem__) for one in each]
    values = each[0] | {
        "numbers": [one["number"] for one in each],
        "texts": [one["text"] for one in each],
        "signatures": [one["signature"] for one in each],
        "ids": ids,
        "params_all": [one["params"] for one in each],
        "param_lists": [one["param_list"] for one in each],
        "items": [contract.item.value(one.__getitem__) for one in each],
        "count": len(each),
    }
    request = contract.submit.request(values.__getitem__)
    handed = [Handed(one["number"], id_) for one, id_ in zip(each, ids, strict=True)]
    return Batch(jobs, handed, request)
