"""
What a channel and its carrier say to each other, as it is said: traces that begin by
hand, end by themselves, and are kept as files.
"""

from urllib.parse import quote

from smsgw.admin.page import File, Moved, Page, Reply, Route, Visit
from smsgw.admin.views.channel_frames import shown
from smsgw.channels.recordings import Recording
from smsgw.channels.traces import Watch
from smsgw.directory import Channel
from smsgw.errors import Refused
from smsgw.storage.journal import log_change
from smsgw.storage.line import millis_of

__all__ = ["ROUTES"]

BAD, MOST, LARGEST = 2001, 200, 32 * 1024 * 1024
MINUTES, FRAMES = (1, 5, 15, 60), (100, 500, 2000)
_KINDS = {"log": "text/plain; charset=utf-8", "pcap": "application/vnd.tcpdump.pcap"}


def _channel(visit: Visit) -> Channel | None:
    """
    The channel, if its frames may be seen: whose messages they are of is not known,
    so only who sees all accounts sees them.
    """
    if visit.accounts is not None:
        return None
    found = visit.desk.directory.channels.get(visit.path["channel"])
    return found if found is not None and found.protocol != "http" else None


def _none() -> Page:
    return Page("error.html", {"status": 404, "why": ""}, 404)


async def _recordings(visit: Visit, channel: Channel) -> list[Recording]:
    """
    Those that the visitor may see.
    """
    found = await visit.desk.aside(visit.desk.recordings.of, channel.id)
    return [one for one in found if visit.may("phones") or not one.plain]


async def _watch(visit: Visit, channel: Channel) -> Watch | None:
    wanted = visit.desk.recordings.wanted
    found: Watch | None = await visit.desk.aside(wanted, channel.id, visit.now)
    return found


def _stem(watch: Watch | None, visit: Visit) -> str:
    """
    The recording that runs, if it is the console's and may be seen.
    """
    if watch is None or not watch.octets or (watch.plain and not visit.may("phones")):
        return ""
    return watch.stem


async def show(visit: Visit) -> Reply:
    """
    The newest recording or the one that is asked for, and how to begin one.
    """
    channel = _channel(visit)
    if channel is None:
        return _none()
    desk = visit.desk
    watch = await _watch(visit, channel)
    kept, current = await _recordings(visit, channel), _stem(watch, visit)
    stems, asked = [one.stem for one in kept], visit.query.get("stem", "")
    stem = asked if asked in stems else current or next(iter(stems), "")
    frames = await desk.aside(desk.recordings.frames, stem, 0, max(FRAMES))
    newest = frames[-MOST:][::-1]
    return Page(
        "network/trace.html",
        {
            "channel": channel,
            "watch": watch,
            "running": bool(stem) and stem == current,
            "stem": stem,
            "kept": kept,
            "frames": [shown(visit, one, channel.protocol) for one in newest],
            "count": len(frames),
            "after": frames[-1].place if frames else 0,
            "minutes": MINUTES,
            "most": FRAMES,
            "left": max(0, round(watch.until - visit.now)) if watch else 0,
            "nodes": await _elsewhere(visit, channel),
        },
    )


async def _elsewhere(visit: Visit, channel: Channel) -> list[str]:
    """
    Other nodes that have connections of it: their frames are not here.
    """
    here = visit.desk.pulse.status.node if visit.desk.pulse.status else ""
    lines = await visit.desk.read_lines(channel.id)
    return sorted({one.node for one in lines} - {here, ""}) if here else []


async def more(visit: Visit) -> Reply:
    """
    What came since, newest first, and where to go on.
    """
    channel = _channel(visit)
    if channel is None:
        return _none()
    desk, stem = visit.desk, visit.query.get("stem", "")
    watch = await _watch(visit, channel)
    running = stem != "" and stem == _stem(watch, visit)
    known = running or stem in {one.stem for one in await _recordings(visit, channel)}
    after = visit.number("after")
    read = desk.recordings.frames
    frames = await desk.aside(read, stem, after, MOST) if known else []
    return Page(
        "network/frames.html",
        {
            "channel": channel,
            "stem": stem,
            "running": running or bool(frames),
            "watch": watch,
            "left": max(0, round(watch.until - visit.now)) if watch else 0,
            "frames": [shown(visit, one, channel.protocol) for one in frames[::-1]],
            "after": frames[-1].place if frames else after,
        },
    )


async def change(visit: Visit) -> Reply:
    """
    Begin a trace, end it, or take a recording away; the change log knows of each.
    """
    channel = _channel(visit)
    if channel is None:
        return _none()
    what, back = visit.form.get("what", ""), f"/monitor/{quote(channel.id)}/trace"
    if what == "start":
        return Moved(f"{back}?stem={await _start(visit, channel)}")
    if what == "stop":
        await visit.desk.aside(visit.desk.recordings.stop, channel.id)
        await _log(visit, channel, {"state": "on"}, {"state": "off"})
        return Moved(back, visit.say("已停止。", "Stopped."))
    if what == "remove":
        stem, watch = visit.form.get("stem", ""), await _watch(visit, channel)
        if watch is not None and watch.stem == stem:
            raise Refused(BAD, "先停止再删除 / stop it first", "stem")
        if stem not in {one.stem for one in await _recordings(visit, channel)}:
            return _none()
        await visit.desk.aside(visit.desk.recordings.remove, stem)
        await _log(visit, channel, {"file": stem}, None)
        return Moved(back, visit.say("已删除。", "Removed."))
    return _none()


async def _start(visit: Visit, channel: Channel) -> str:
    minutes = int(_one_of(visit, "minutes", MINUTES))
    frames = int(_one_of(visit, "frames", FRAMES))
    plain = visit.form.get("plain") == "yes"
    if plain and not visit.may("phones"):
        raise Refused(BAD, "没有看完整号码的权限 / you may not see numbers", "plain")
    if await _watch(visit, channel) is not None:
        raise Refused(BAD, "正在跟踪，先停止 / one is on, stop it first", "what")
    told = {"minutes": minutes, "frames": frames, "plain": plain}
    await _log(visit, channel, None, {"state": "on", **told})
    start, seconds = visit.desk.recordings.start, minutes * 60.0
    stem: str = await visit.desk.aside(
        start, channel.id, seconds, frames, plain, visit.now
    )
    return stem


def _one_of(visit: Visit, name: str, known: tuple[int, ...]) -> str:
    value = visit.form.get(name, "")
    if value not in map(str, known):
        raise Refused(BAD, f"请从 {known} 中选 / choose one of {known}", name)
    return value


async def _log(
    visit: Visit,
    channel: Channel,
    before: dict[str, object] | None,
    after: dict[str, object] | None,
) -> None:
    line = ("traces", channel.id, before, after, visit.who, millis_of(visit.now))
    await visit.desk.write(log_change, *line)


async def keep(visit: Visit) -> Reply:
    """
    A recording as a file: text, or for Wireshark.
    """
    channel, ending = _channel(visit), visit.path["ending"]
    stem = visit.path["stem"]
    if channel is None or ending not in _KINDS:
        return _none()
    found = [one for one in await _recordings(visit, channel) if one.stem == stem]
    if not found or found[0].octets > LARGEST:
        return _none()
    body = await visit.desk.aside(visit.desk.recordings.file, stem, ending)
    return File(f"{stem}.{ending}", _KINDS[ending], body)


ROUTES = (
    Route("/monitor/<channel>/trace", show, "raw"),
    Route("/monitor/<channel>/trace", change, "raw", "POST"),
    Route("/monitor/<channel>/frames", more, "raw"),
    Route("/monitor/<channel>/trace/<stem>/<ending>", keep, "raw"),
)
