"""
A small disk for one folder, seen by this process and its children only: it can be
filled without harm to anybody else.
"""

import ctypes
import os
import pwd
import subprocess
import time
from pathlib import Path
from threading import Event

import attrs

__all__ = ["SmallDisk"]

_OWN_MOUNTS = 0x00020000  # CLONE_NEWNS of unshare(2)
_MEBIBYTE = 1024 * 1024
_AGAIN = 0.02  # seconds: somebody may let room go meanwhile


def _run(*words: str) -> bool:
    return not subprocess.run(words, capture_output=True, check=False).returncode


@attrs.define(eq=False)
class SmallDisk:
    """
    Memory as a disk of C{mebibytes} on C{folder}, in a mount namespace of our own.
    """

    folder: Path
    mebibytes: int

    def mount(self, owner: str = "root") -> bool:
        """
        Whether this process may do so: it needs Linux, and to be root.
        """
        unshare = getattr(ctypes.CDLL(None, use_errno=True), "unshare", None)
        if os.geteuid() or unshare is None or unshare(_OWN_MOUNTS):
            return False
        self.folder.mkdir(mode=0o700, exist_ok=True)
        size = f"size={self.mebibytes}m,mode=0700,uid={pwd.getpwnam(owner).pw_uid}"
        return _run("mount", "--make-rprivate", "/") and _run(
            "mount", "-t", "tmpfs", "-o", size, "smsgw", str(self.folder)
        )

    def unmount(self) -> None:
        """
        All that was on it is gone.
        """
        _run("umount", "--lazy", str(self.folder))

    def fill(self, seconds: float, over: Event | None = None) -> None:
        """
        Take all the room, and what others let go meanwhile, for so long, or until it
        is C{over}.
        """
        over = over or Event()
        ballast, until = self.folder / "filled", time.monotonic() + seconds
        try:
            with ballast.open("wb", buffering=0) as file:
                while time.monotonic() < until and not over.wait(_AGAIN):
                    self._grow(file.fileno())
        finally:
            ballast.unlink(missing_ok=True)

    def _grow(self, number: int) -> None:
        """
        To the last page: big steps while they fit, then small ones.
        """
        step = 64 * _MEBIBYTE
        while step >= os.sysconf("SC_PAGE_SIZE"):
            try:
                os.posix_fallocate(number, os.fstat(number).st_size, step)
            except OSError:
                step //= 2
