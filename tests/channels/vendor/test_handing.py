"""
Which messages share a request, and what it says of them.
"""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import attrs
import pytest

from smsgw.channels.jobs import Jobs
from smsgw.channels.vendor.contract import VendorContract
from smsgw.channels.vendor.handing import Whole, gather, make_batch, whole_of
from smsgw.errors import Refused
from tests.channels.vendor.imitations import channel_of
from tests.support.shards import flight

CODE = "您的验证码是123456，5分钟内有效。"


def contract(name: str = "tencent", **changes: Any) -> VendorContract:
    """
    A fixture's.
    """
    return VendorContract.of(channel_of(name, **changes))


def whole(number: int, text: str = "你好", **fields: Any) -> Whole:
    """
    A message to a number.
    """
    made = flight(id=f"M{number}", to=f"1380013800{number}", text=text, **fields)
    return whole_of(made, contract())


def taken(jobs: Jobs, most: int = 3, same: bool = True, may: Any = None) -> list[str]:
    """
    The ids of the next request.
    """
    found = gather(jobs, most, same, may or (lambda cost: True))
    return [job.flight.message.id for job in found]


def queue(*jobs: Whole) -> Jobs:
    """
    These, waiting.
    """
    made = Jobs()
    for job in jobs:
        made.add(job)
    return made


def test_gathers_in_order() -> None:
    """
    At most so many; then the next.
    """
    jobs = queue(*map(whole, range(5)))
    assert ["M0", "M1", "M2"] == taken(jobs)
    assert ["M3", "M4"] == taken(jobs)
    assert [] == taken(jobs)
    assert 0 == jobs.unsent


def test_others_wait() -> None:
    """
    Another text, unless texts may differ; the same number twice in no case.
    """
    one, two, three = whole(1), whole(2, "再见"), whole(3)
    assert ["M1"] == taken(queue(one, two, three))
    one, two, three = whole(1), whole(2, "再见"), whole(2)
    assert ["M1", "M2"] == taken(queue(one, two, three), same=False)


def test_the_pace_is_asked_for_each() -> None:
    """
    By its segments.
    """
    costs: list[int] = []

    def may(cost: int) -> bool:
        costs.append(cost)
        return len(costs) < 3

    long = "长" * 100
    assert ["M1", "M2"] == taken(queue(*(whole(n, long) for n in (1, 2, 3))), may=may)
    assert [2, 2, 2] == costs


def test_signature() -> None:
    """
    In the text, or left to the vendor; the name is told without brackets.
    """
    one = whole(1)
    assert ("【某医院】你好", "某医院") == (one.values["text"], one.values["signature"])
    ali = whole_of(flight(text="【某医院】" + CODE), contract("aliyun"))
    assert CODE == ali.values["text"]
    assert "SMS_1" == ali.values["template"]
    assert ["123456", "5"] == ali.values["param_list"]
    bare = whole_of(flight(signature="", text="x"), contract())
    assert ("x", "") == (bare.values["text"], bare.values["signature"])


def test_what_cannot_go() -> None:
    """
    No template, or nothing to say.
    """
    with pytest.raises(Refused, match="template"):
        whole_of(flight(text="随便"), contract("aliyun"))
    with pytest.raises(Refused):
        whole_of(flight(text=" "), contract())


def test_request_of_many() -> None:
    """
    Numbers, items and ids stand for all, the rest for the first.
    """
    made = contract()
    batch = make_batch([whole(1), whole(2)], made, made.values(5.0, "n"))
    body = json.loads(batch.request.body)
    assert ["13800138001", "13800138002"] == [one["mobile"] for one in body["tel"]]
    assert ("M1", 5) == (body["ext"], body["time"])
    assert ["M1", "M2"] == [one.own_id for one in batch.handed]


def test_request_of_one() -> None:
    """
    Its parameters as JSON in a query.
    """
    made = contract("aliyun")
    job = whole_of(flight(text=CODE), made)
    query = parse_qs(
        urlsplit(make_batch([job], made, made.values(5.0, "n")).request.url).query
    )
    assert ['{"code":"123456","minutes":"5"}'] == query["TemplateParam"]


def test_unsendable_character() -> None:
    """
    A charset that lacks it makes no request.
    """
    channel = channel_of("tencent")
    vendor = dict(channel.vendor) | {"charset": "gbk"}
    made = VendorContract.of(attrs.evolve(channel, vendor=vendor))
    with pytest.raises(ValueError, match="gbk"):
        make_batch([whole(1, "😀")], made, made.values(5.0, "n"))
