"""
Tests for L{smsgw.cli.proving.children}.
"""

import os
import subprocess
import sys

from smsgw.cli.proving.children import children


def test_a_process_knows_its_children() -> None:
    """
    And no longer when they ended.
    """
    words = [sys.executable, "-c", "input()"]
    with subprocess.Popen(words, stdin=subprocess.PIPE) as child:
        assert child.pid in children(os.getpid())
        child.communicate(b"\n")
    assert child.pid not in children(os.getpid())
