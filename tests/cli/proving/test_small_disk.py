"""
Tests for L{smsgw.cli.proving.small_disk}.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

_TRIAL = """
import errno, os, sys, threading, time
from pathlib import Path
from smsgw.cli.proving.small_disk import SmallDisk

folder = Path(sys.argv[1])
disk = SmallDisk(folder, 8)
if not disk.mount():
    sys.exit("not allowed")
filling = threading.Thread(target=disk.fill, args=(1.0,))
filling.start()
time.sleep(0.5)
try:
    (folder / "more").write_bytes(bytes(100_000))
except OSError as error:
    print(errno.errorcode[error.errno])
filling.join()
(folder / "more").write_bytes(bytes(100_000))
print(sorted(os.listdir(folder)))
disk.unmount()
print(os.listdir(folder))
"""


@pytest.mark.real
def test_a_disk_is_filled_and_has_room_again(tmp_path: Path) -> None:
    """
    For root, in a process of its own; nobody else sees it. Others may not mount.
    """
    words = [sys.executable, "-c", _TRIAL, str(tmp_path)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if os.geteuid():
        assert "not allowed" in done.stderr
    else:
        assert ["ENOSPC", "['more']", "[]"] == done.stdout.splitlines(), done.stderr
    assert [] == os.listdir(tmp_path)
