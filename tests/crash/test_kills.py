"""
Nothing accepted is lost, whoever is killed and when; doubles are marked.
"""

import contextlib
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from smsgw.cli.stage import Stage
from smsgw.queues.valkey_files import ValkeyFiles
from smsgw.simulator.journal import digest
from tests.crash.load import Load, call
from tests.support.valkey import ask

KILLS = int(os.environ.get("SMSGW_KILLS", "32"))
SIGNED = "【示范医院】"
GRANTED = 1_000_000
PRICE = 500  # a code, in 0.0001 yuan: etc/demo.toml
VICTIMS = ("gateway", "recorder", "gateway", "valkey", "both", "twice")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """
    A carrier and a gateway of this test's own; the account pays in advance, and may
    send the few numbers of the load as many codes as it likes.
    """
    made = Stage(tmp_path / "stage", Path("etc"), usual=False)
    made.build()
    objects = made.folder / "objects.toml"
    text = objects.read_text("utf-8").replace("most = 10\n", "most = 1000000\n")
    account = 'id = "his"\nname = '
    text = text.replace(account, f'billing = "prepaid"\n{account}', 1)
    objects.write_text(text, "utf-8")
    try:
        made.start()
        made.command("credit", "-c", str(made.config), "his", str(GRANTED))
        yield made
    finally:
        made.stop()
        end_valkey(made)


def socket_of(stage: Stage) -> str:
    """
    The private queue server's socket.
    """
    return str(ValkeyFiles.prepare(stage.folder / "data").socket)


def valkey_pid(stage: Stage) -> int:
    """
    The private queue server's process, 0 when none answers.
    """
    try:
        answer = ask(socket_of(stage), "INFO", "server").decode("utf-8", "replace")
    except OSError:
        return 0
    lines = [line for line in answer.splitlines() if line.startswith("process_id:")]
    return int(lines[0].partition(":")[2]) if lines else 0


def end_valkey(stage: Stage) -> None:
    """
    Whatever a killed gateway left behind.
    """
    pid = valkey_pid(stage)
    if pid:
        os.kill(pid, signal.SIGKILL)


def wait_for(what: Any, seconds: float, words: str) -> Any:
    """
    Poll until it is true.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = what()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s: {words}")


def ready(stage: Stage) -> bool:
    """
    The gateway answers and says that it is ready.
    """
    try:
        return bool(call(stage.ports["http"], stage.key, "GET", "/v1/ready")[0] == 200)
    except (OSError, ValueError):
        return False


def kill_gateway(stage: Stage) -> None:
    """
    kill -9, then a new one as a supervisor would start it.
    """
    stage.processes["gateway"].kill()
    stage.processes["gateway"].wait()


def recorder_pid(stage: Stage) -> int:
    """
    The gateway's recorder, 0 when there is none at this moment.
    """
    wanted = ["record", "-c", str(stage.config)]
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_text().split("\0")
        except OSError:
            continue
        if words[3:6] == wanted:
            return int(entry.name)
    return 0


def kill(stage: Stage, victim: str, chance: random.Random) -> None:
    """
    One blow, and the gateway started again where it was hit.
    """
    if victim == "recorder":
        if pid := recorder_pid(stage):
            os.kill(pid, signal.SIGKILL)
        return
    if victim in ("valkey", "both"):
        pid = valkey_pid(stage)
        if pid:
            os.kill(pid, signal.SIGKILL)
    if victim != "valkey":
        kill_gateway(stage)
        stage.start_gateway()
    if victim == "twice":
        time.sleep(chance.uniform(0.2, 2.5))
        kill_gateway(stage)
        stage.start_gateway()


def ended(stage: Stage) -> dict[str, Any]:
    """
    Every message in the record, by id, once all have ended; else nothing.
    """
    found: dict[str, Any] = {}
    cursor = ""
    while True:
        path = f"/v1/messages?limit=500&cursor={cursor}"
        status, page = call(stage.ports["http"], stage.key, "GET", path)
        if status != 200:
            return {}
        for message in page["items"]:
            if message["state"] not in ("delivered", "undelivered", "unknown"):
                return {}
            found[message["id"]] = message
        cursor = page["cursor"]
        if not cursor:
            return found


@pytest.mark.real
def test_kills_under_load(stage: Stage) -> None:
    """
    Random kill -9 of gateway, queue server, both, and the gateway twice in a row:
    all that was accepted reaches the carrier, and doubles are marked uncertain.
    """
    seed = int(os.environ.get("SMSGW_SEED", "20261123"))
    chance = random.Random(seed)
    wait_for(lambda: ready(stage), 60, "ready at first")
    wait_for(lambda: money(stage)["available"] > 0, 20, "money")
    load = Load(stage.ports["http"], stage.key)
    load.start()
    kills = 0
    while kills < KILLS:
        time.sleep(chance.uniform(0.1, 1.0))
        victim = VICTIMS[kills % len(VICTIMS)]
        kill(stage, victim, chance)
        kills += 2 if victim in ("both", "twice") else 1
        wait_for(lambda: ready(stage), 60, f"ready after {victim}, seed {seed}")
    time.sleep(0.5)
    load.ending.set()
    load.join(60)
    record = wait_for(lambda: _all(stage, load), 150, f"all ended, seed {seed}")
    _compare(stage, load, record)


def _all(stage: Stage, load: Load) -> dict[str, Any]:
    try:
        record = ended(stage)
    except (OSError, ValueError):
        return {}
    return record if set(load.accepted) <= set(record) else {}


def money(stage: Stage) -> dict[str, Decimal]:
    """
    The account's wallet in yuan, all 0 while nobody answers.
    """
    names = ("available", "reserved", "spent")
    status, told = 0, {}
    with contextlib.suppress(OSError, ValueError):
        status, told = call(stage.ports["http"], stage.key, "GET", "/v1/balance")
    return {name: Decimal(told[name] if status == 200 else 0) for name in names}


def _compare(stage: Stage, load: Load, record: dict[str, Any]) -> None:
    lines = (stage.folder / "journal").read_text("utf-8").splitlines()
    given = Counter(line.split("\t")[5] for line in lines)
    names = {
        message_id: digest((SIGNED + text).encode("utf-16-be"))
        for message_id, text in load.accepted.items()
    }
    missing = [message_id for message_id, name in names.items() if not given[name]]
    silent = [
        message_id
        for message_id, name in names.items()
        if given[name] > 1 and not record[message_id].get("uncertain")
    ]
    balance = stage.command("balance", "-c", str(stage.config))
    charged = [one["state"] in ("delivered", "unknown") for one in record.values()]
    spent = Decimal(PRICE * sum(charged)) / 10_000
    wallet = {"available": GRANTED - spent, "reserved": Decimal(0), "spent": spent}

    assert [] == load.refusals
    assert len(load.accepted) > 100
    assert [] == missing
    assert [] == silent
    assert "balanced" in balance
    assert wallet == money(stage)
