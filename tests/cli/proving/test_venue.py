"""
Tests for L{smsgw.cli.proving.venue}.
"""

from io import BytesIO
from pathlib import Path

import attrs
import pytest

from smsgw.cli.proving.venue import (
    SAMPLES,
    Venue,
    _array,
    counts,
    numbers,
    opened,
    unrecorded,
)
from smsgw.cli.stage import Stage
from smsgw.config import load
from smsgw.objects import load_directory
from smsgw.simulator.scenario import load as load_scenario


@pytest.mark.parametrize("samples", [SAMPLES, Path("etc")])
def test_a_stage_is_widened(tmp_path: Path, samples: Path) -> None:
    """
    Windows, connections, carriers' times and limits are as asked for.
    """
    stage = Stage(tmp_path / "stage", samples, usual=False)
    stage.build()
    Venue(3, 77, response=0.04, sealed=True, queue=1234).furnish(stage)
    settings = load(stage.config)
    directory = load_directory(stage.folder / "objects.toml")
    scene = load_scenario(stage.folder / "simulator.toml")
    assert 1234 == settings.limits.queue_messages
    assert ("on", "on") == (settings.protection.phone, settings.protection.text)
    assert {(3, 77)} == {
        (one.connections, one.window) for one in directory.channels.values()
    }
    assert [(0.04, 0.02)] * 3 == [
        (one.latency.response, one.latency.response_jitter) for one in scene.carriers
    ]


def test_the_first_carrier_may_speak_smpp(tmp_path: Path) -> None:
    """
    Channel and carrier agree about it.
    """
    stage = Stage(tmp_path / "stage", SAMPLES, usual=False)
    stage.build()
    Venue(mobile="smpp").furnish(stage)
    directory = load_directory(stage.folder / "objects.toml")
    scene = load_scenario(stage.folder / "simulator.toml")
    assert "smpp" == directory.channels["cmcc"].protocol
    assert ["smpp", "sgip", "smgp"] == [one.protocol for one in scene.carriers]


def test_numbers_belong_to_the_carriers_in_turn() -> None:
    """
    Of the protocols asked for, all different.
    """
    assert ["13900000005", "18600000006", "13900000007"] == numbers(
        3, 5, ("cmpp", "sgip")
    )


def test_a_servers_words_are_read() -> None:
    """
    Also one with a line break in it.
    """
    stream = BytesIO(b"*2\r\n$3\r\na\r\n\r\n$1\r\nb\r\n")
    assert [b"a\r\n", b"b"] == _array(stream)


@pytest.mark.real
def test_a_venue_is_opened_and_gone() -> None:
    """
    The gateway is ready, has counted nothing, and leaves nothing behind.
    """
    with opened(attrs.evolve(Venue(), connections=1), carrier=False) as stage:
        folder = stage.folder
        assert 0 == counts(stage).get("accepted", 0)
        assert 0 == unrecorded(stage)
    assert not folder.exists()
