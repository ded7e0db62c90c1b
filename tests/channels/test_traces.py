"""
Traces on and off, by wish.
"""

from pathlib import Path

import attrs

from smsgw.channels.trace import Trace
from smsgw.channels.traces import Traces, Watch, ask, asked, release
from smsgw.protocols.cmpp_rules import CMPP
from smsgw.protocols.protocol import Protocol
from tests.support.worlds import NOW, Still


@attrs.define(eq=False)
class Heard:
    """
    A channel that notes who listens.
    """

    rules: Protocol = CMPP
    trace: Trace | None = None

    def listen_in(self, trace: Trace | None) -> None:
        self.trace = trace


def test_wishes(tmp_path: Path) -> None:
    """
    They run out, can be taken back, and may be rubbish.
    """
    folder = tmp_path / "trace"
    watch = Watch(NOW + 60, "cm1-a", plain=True)
    ask(folder, "cm1", watch)
    ask(folder, "cm2", Watch(NOW, "cm2-a"))
    (folder / "cm3.json").write_text("rubbish")
    assert {"cm1": watch} == asked(folder, NOW)
    release(folder, "cm1")
    release(folder, "cm1")
    assert {} == asked(folder, NOW)


def test_on_and_off(tmp_path: Path) -> None:
    """
    A wish begins it, its end ends it; a channel that was replaced is heard again.
    """
    clock, channel = Still(), Heard()
    traces = Traces(tmp_path / "trace", clock)
    traces.look({"cm1": channel})
    assert channel.trace is None
    ask(traces.folder, "cm1", Watch(NOW + 60, "cm1-a"))
    traces.look({"cm1": channel})
    first = channel.trace
    traces.look({"cm1": channel})
    assert first is channel.trace is not None
    other = Heard()
    traces.look({"cm1": other})
    assert (None, True) == (channel.trace, other.trace is not None)
    clock.at += 61
    traces.look({"cm1": other})
    assert other.trace is None


def test_a_stem_stays_in_its_folder(tmp_path: Path) -> None:
    """
    A wish names a file, never a way to somewhere else.
    """
    channel, folder = Heard(), tmp_path / "trace"
    ask(folder, "cm1", Watch(NOW + 60, "../../evil"))
    traces = Traces(folder, Still())
    traces.look({"cm1": channel})
    traces.stop()
    assert channel.trace is None
    assert {"cm1.json", "evil.log", "evil.pcap"} == {p.name for p in folder.iterdir()}


def test_a_full_trace_is_not_begun_again(tmp_path: Path) -> None:
    """
    Its wish goes with it.
    """
    channel, folder = Heard(), tmp_path / "trace"
    ask(folder, "cm1", Watch(NOW + 60, "cm1-a"))
    traces = Traces(folder, Still())
    traces.look({"cm1": channel})
    assert channel.trace is not None
    channel.trace.written = channel.trace.most
    traces.look({"cm1": channel})
    traces.look({"cm1": channel})
    assert channel.trace is None
