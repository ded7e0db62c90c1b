"""
Tests for L{smsgw.cli.trace}.
"""

import re
from pathlib import Path

import pytest

from smsgw.cli import main
from smsgw.config import load
from smsgw.security.fields import Fields
from smsgw.security.provider import load_key
from smsgw.storage.database import Database
from tests.support.record import (
    IDS,
    PHONE,
    chunk,
    ended,
    facts,
    now_or_never,
    record,
    sent,
)

TEXT = "您的检查报告已出。"
PROTECTED = '[protection]\nphone = "on"\ntext = "on"\nkey_file = "fields.key"\n'


def fill(config: Path) -> None:
    """
    Record a delivered message of another account than the first.
    """
    settings = load(config)
    settings.data_dir.mkdir()
    policy = settings.protection
    key = load_key(policy.key_file or settings.data_dir / "fields.key")
    database = Database.open(settings.database_url)
    try:
        now_or_never(database.prepare())
        fields = Fields(policy.phone, policy.text, policy.patient, key)
        record(database, chunk(), facts(*sent(), *ended()), fields=fields)
    finally:
        database.close()


@pytest.mark.usefixtures("at_once")
def test_every_step_and_no_secrets(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    The message masked, then its steps in Chinese time.
    """
    fill(config)

    assert 0 == main(["trace", "-c", str(config), IDS[0]])
    title, *steps = capsys.readouterr().out.splitlines()
    assert f"{IDS[0]}  his  138****8000  delivered  <9 chars>" == title
    assert ["accepted", "answered#1", "submitted", "receipt#1", "final"] == [
        step.split("  ")[1] for step in steps
    ]
    assert all(
        re.match(r"2026-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\+08:00", s) for s in steps
    )
    assert steps[-1].endswith("final  delivered  cmcc  DELIVRD")


@pytest.mark.usefixtures("at_once")
def test_plain_when_asked(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    Number and text of a protected record, opened.
    """
    config.write_text(config.read_text("utf-8") + PROTECTED, "utf-8")
    fill(config)

    assert 0 == main(["trace", "-c", str(config), "--plain", IDS[0]])
    title = capsys.readouterr().out.splitlines()[0]
    assert f"{IDS[0]}  his  {PHONE}  delivered  {TEXT}" == title


@pytest.mark.usefixtures("at_once")
def test_an_unknown_id(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    Words in both languages, status 1.
    """
    assert 1 == main(["trace", "-c", str(config), "1HCQMR8000999"])
    assert "1HCQMR8000999: not in the record 无此短信\n" == capsys.readouterr().out
