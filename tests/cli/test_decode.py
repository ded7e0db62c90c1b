"""
Tests for L{smsgw.cli.decode}.
"""

import io
import json
from typing import Any

import pytest

from smsgw.cli import main
from tests.support.vectors import of_kind, version_of

PDUS = of_kind("pdu")
VERSIONS = sorted({version_of(vector) for vector in PDUS})


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Any:
    """
    Puts lines on standard input.
    """

    def put(*lines: str) -> None:
        text = "".join(f"{line}\n" for line in lines)
        monkeypatch.setattr("sys.stdin", io.StringIO(text))

    return put


@pytest.mark.parametrize("version", VERSIONS)
def test_vectors_come_out_in_their_own_words(
    given: Any, version: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    One object per line, in order, with the vector's fields.
    """
    chosen = [vector for vector in PDUS if version_of(vector) == version]
    given(*[vector["hex"] for vector in chosen])

    assert 0 == main(["decode", "--protocol", "cmpp", "--version", version])
    lines = capsys.readouterr().out.splitlines()
    assert len(chosen) == len(lines)
    for vector, line in zip(chosen, lines, strict=True):
        shown = json.loads(line)
        fields = {"command": vector["command"]} | vector["fields"]
        if "FWD" in vector["command"]:
            shown = {name: shown[name] for name in fields}
        assert fields == shown


@pytest.mark.parametrize("version", VERSIONS)
def test_and_back_to_the_same_hex(
    given: Any, version: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    What decode prints, C{--encode} turns into the octets it came from.
    """
    chosen = [
        vector["hex"]
        for vector in PDUS
        if version_of(vector) == version and "FWD" not in vector["command"]
    ]
    given(*chosen)
    main(["decode", "--version", version])
    given(*capsys.readouterr().out.splitlines())

    assert 0 == main(["decode", "--version", version, "--encode"])
    assert chosen == capsys.readouterr().out.splitlines()


def test_another_protocol(given: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """
    C{--protocol} reads and writes another carrier's PDUs, its usual version.
    """
    chosen = [v["hex"] for v in of_kind("pdu", "smgp")]
    given(*chosen)
    assert 0 == main(["decode", "--protocol", "smgp"])
    given(*capsys.readouterr().out.splitlines())
    assert 0 == main(["decode", "--protocol", "smgp", "--encode"])
    assert chosen == capsys.readouterr().out.splitlines()


def test_chinese_is_readable(given: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """
    Texts stand in the line as they are read, not as escapes.
    """
    chosen = [v for v in PDUS if not str(v["fields"].get("text") or "a").isascii()]
    given(chosen[0]["hex"])
    main(["decode", "--version", version_of(chosen[0])])

    assert chosen[0]["fields"]["text"] in capsys.readouterr().out


def test_a_bad_line_does_not_end_it(
    given: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    An error object in its place, the others as ever, status 1.
    """
    good = PDUS[0]
    given("xyz", "", good["hex"], "0000000c0000000a00000001")

    assert 1 == main(["decode", "--version", version_of(good)])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert ["error"] == list(lines[0])
    assert good["command"] == lines[1]["command"]
    assert ["error"] == list(lines[2])


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "7",
        '"x"',
        "{}",
        '{"command": "CMPP_NONE"}',
        '{"command": ["CMPP_SUBMIT"]}',
        '{"command": "CMPP_CONNECT", "Timestamp": "now"}',
        '{"command": "CMPP_CONNECT", "AuthenticatorSource": "zz"}',
        '{"command": "CMPP_CONNECT", "AuthenticatorSource": 7}',
        '{"command": "CMPP_CONNECT", "Version": -1}',
        '{"command": "CMPP_CONNECT", "Source_Addr": 900001}',
        '{"command": "CMPP_SUBMIT", "Dest_terminal_Id": [7]}',
        '{"command": "CMPP_SUBMIT", "Dest_terminal_Id": 7}',
        '{"command": "CMPP_SUBMIT", "Msg_Id": 7}',
        '{"command": "CMPP_SUBMIT", "Sequence_Id": "x"}',
        '{"command": "CMPP_SUBMIT", "Sequence_Id": 99999999999}',
        '{"command": "CMPP_SUBMIT", "Msg_Content_hex": 5}',
    ],
)
def test_an_object_that_is_none(
    given: Any, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    What is no PDU's object gives an error object, whatever it is; status 1.
    """
    given(line)

    assert 1 == main(["decode", "--encode"])
    assert ["error"] == list(json.loads(capsys.readouterr().out))


def test_unknown_versions_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """
    The versions there are stand in the words.
    """
    with pytest.raises(SystemExit) as ended:
        main(["decode", "--version", "9"])

    assert 2 == ended.value.code
    assert "'3.0'" in capsys.readouterr().err
