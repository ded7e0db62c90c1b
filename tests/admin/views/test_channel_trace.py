"""
Traces begun, watched, ended and kept from the console.
"""

import attrs

from smsgw.channels.recordings import Recordings
from smsgw.channels.traces import Traces
from smsgw.directory import Role
from smsgw.storage.journal import changes_of
from tests.channels.test_trace import ENDS, FRAMES, V30
from tests.channels.test_traces import Heard
from tests.support.console import HOSPITAL, House
from tests.support.record import now_or_never

TRACE = "/monitor/cmcc/trace"
START = {"what": "start", "minutes": "5", "frames": "100"}


def _said(house: House, *frames: bytes) -> None:
    """
    The gateway's side: the channel says this.
    """
    channel = Heard()
    traces = Traces(house.recordings.folder, house.wall)
    traces.look({"cmcc": channel})
    assert channel.trace is not None
    tap = channel.trace.tap("cmcc#1", lambda: V30, ENDS)
    for frame in frames:
        tap(True, frame)
    traces.stop()


def test_a_trace(house: House) -> None:
    """
    Begun, seen as it grows, stopped, taken as files, removed; all of it logged.
    """
    house.login()
    assert "还没有跟踪过" in house.get(TRACE).text
    answer = house.post(TRACE, **START)
    stem = answer.where.partition("stem=")[2]
    assert stem.endswith("-masked")
    page = house.get(answer.where).text
    assert "等第一条报文" in page
    assert f"/monitor/cmcc/frames?stem={stem}&amp;after=0" in page
    assert 422 == house.post(TRACE, **START).status
    _said(house, FRAMES[0])
    first = house.get(f"/monitor/cmcc/frames?stem={stem}&after=0").text
    assert "提交短信" in first
    assert "hx-swap-oob" in first
    assert "13800138000" not in first
    after = first.partition("after=")[2].partition('"')[0]
    _said(house, FRAMES[1])
    then = house.get(f"/monitor/cmcc/frames?stem={stem}&after={after}").text
    assert "心跳" in then
    assert "提交短信" not in then
    assert 422 == house.post(TRACE, what="remove", stem=stem).status
    assert 303 == house.post(TRACE, what="stop").status
    ended = house.get(f"/monitor/cmcc/frames?stem={stem}&after=99999").text
    assert "已结束" in ended
    assert "hx-get" not in ended
    page = house.get(f"{TRACE}?lang=en").text
    assert "message to the carrier" in page
    log = house.get(f"{TRACE}/{stem}/log")
    assert "CMPP_SUBMIT" in log.text
    assert house.get(f"{TRACE}/{stem}/pcap").body[:4] == b"\xd4\xc3\xb2\xa1"
    assert 404 == house.get(f"{TRACE}/{stem}/json").status
    assert 404 == house.get(f"{TRACE}/other/log").status
    assert 303 == house.post(TRACE, what="remove", stem=stem).status
    assert 404 == house.post(TRACE, what="remove", stem=stem).status
    entries = now_or_never(house.database.read(changes_of, "traces", "", "", 0, 9))
    told = [(one.who, one.before is None, one.after is None) for one in entries]
    assert [("liu", False, True), ("liu", False, False), ("liu", True, False)] == told


def test_refusals(house: House) -> None:
    """
    Only the times and counts that are offered, known channels and orders.
    """
    house.login()
    assert 422 == house.post(TRACE, what="start", minutes="999", frames="100").status
    assert 422 == house.post(TRACE, what="start", minutes="5", frames="x").status
    assert 404 == house.post(TRACE, what="burn").status
    for path in ("/monitor/none/trace", "/monitor/none/frames"):
        assert 404 == house.get(path).status
    assert 404 == house.post("/monitor/none/trace", **START).status


def test_who_sees_what(house: House) -> None:
    """
    Whole numbers are for who may see them, frames for who sees all accounts.
    """
    roles = {
        "operator": Role("operator", "一", ("channels", "raw"), "all"),
        "sender": Role("sender", "二", ("raw", "phones"), "department"),
    }
    house.login()
    answer = house.post(TRACE, **START, plain="yes")
    stem = answer.where.partition("stem=")[2]
    assert stem.endswith("-plain")
    _said(house, FRAMES[0])
    assert "secret" in house.get(answer.where).text
    house.recordings.stop("cmcc")
    narrowed = attrs.evolve(HOSPITAL, roles=HOSPITAL.roles | roles)
    house.desk.gateway.book = attrs.evolve(  # type: ignore[misc]  # set as Following does
        house.desk.gateway.book, directory=narrowed
    )
    for path in (TRACE, f"{TRACE}?stem={stem}", f"/monitor/cmcc/frames?stem={stem}"):
        answer = house.get(path)
        assert 200 == answer.status
        assert "secret" not in answer.text
    assert 404 == house.get(f"{TRACE}/{stem}/log").status
    assert 422 == house.post(TRACE, **START, plain="yes").status
    house.login("zhang")
    assert 404 == house.get(TRACE).status
    assert 404 == house.post(TRACE, **START).status


def test_nothing_is_written_before_it_is_asked(house: House) -> None:
    """
    Looking makes no folder.
    """
    house.login()
    house.get(TRACE)
    assert isinstance(house.recordings, Recordings)
    assert not house.recordings.folder.exists()
