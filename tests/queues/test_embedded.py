"""
The private server: started, adopted, brought back, refused to two, ended.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.trial.unittest import TestCase

from smsgw.errors import Unavailable
from smsgw.queues.embedded import EmbeddedValkey
from smsgw.queues.valkey_files import ValkeyFiles
from smsgw.tasks import sleep
from tests.support.valkey import ask

GATEWAY = """
import sys
from pathlib import Path
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from smsgw.queues.embedded import EmbeddedValkey

async def main():
    valkey = EmbeddedValkey(Path(sys.argv[1]), reactor, reactor)
    print(await valkey.start(), valkey.pid, flush=True)

Deferred.fromCoroutine(main())
reactor.run()
"""


def gone(pid: int) -> bool:
    """
    Whether no process (not even an unreaped one) has this number.
    """
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.real
class EmbeddedValkeyTests(TestCase):
    """
    Each test has a data directory of its own; no server outlives its test.
    """

    def setUp(self) -> None:
        """
        A data directory, and an end for whatever holds it afterwards.
        """
        self.data_dir = Path(tempfile.mkdtemp(prefix="smsgw-"))
        self.addCleanup(self.clean, self.data_dir)

    def clean(self, data_dir: Path) -> None:
        """
        End every holder of the data and remove it.
        """
        files = ValkeyFiles.prepare(data_dir)
        if files.server_lives():
            for pid in files.holders():
                os.kill(pid, signal.SIGKILL)
        if files.socket.parent != files.folder:
            shutil.rmtree(files.socket.parent, ignore_errors=True)
        shutil.rmtree(data_dir)

    def build(self, **settings: object) -> EmbeddedValkey:
        """
        A server object that looks after its server more often than usual.
        """
        valkey = EmbeddedValkey(
            self.data_dir, reactor, reactor, watch_every=0.02, **settings
        )
        self.addCleanup(lambda: Deferred.fromCoroutine(valkey.leave()))
        return valkey

    def wait_restart(self, valkey: EmbeddedValkey) -> Deferred[None]:
        """
        Fires when the server is back.
        """
        back: Deferred[None] = Deferred()
        valkey.on_restart = lambda: back.callback(None)
        return back.addTimeout(20, reactor)

    async def test_start_and_stop(self) -> None:
        """
        It answers when started, only to this user, with the safe settings; a
        stop leaves no process and no socket, and the data is there again.
        """
        valkey = self.build()
        path = await valkey.start()
        self.assertEqual(b"+OK\r\n", ask(path, "SET", "kept", "yes"))
        self.assertEqual(0o700, os.stat(path).st_mode & 0o777)
        self.assertEqual(0o700, os.stat(Path(path).parent).st_mode & 0o777)
        for name, value in (
            ("appendonly", "yes"),
            ("appendfsync", "always"),
            ("maxmemory-policy", "noeviction"),
            ("save", ""),
            ("port", "0"),
            ("aof-use-rdb-preamble", "yes"),
        ):
            expected = f"${len(value)}\r\n{value}\r\n".encode()
            self.assertTrue(ask(path, "CONFIG", "GET", name).endswith(expected), name)
        pid = valkey.pid
        self.assertFalse(valkey.adopted)
        await valkey.stop()
        self.assertTrue(gone(pid))
        self.assertFalse(Path(path).exists())
        again = self.build()
        self.assertIn(b"yes", ask(await again.start(), "GET", "kept"))
        await again.stop()

    async def test_adopted_when_left(self) -> None:
        """
        The server of a gateway that went is the next one's, not a second one.
        """
        first = self.build()
        path = await first.start()
        ask(path, "SET", "kept", "yes")
        await first.leave()
        second = self.build()
        self.assertEqual(path, await second.start())
        self.assertEqual(first.pid, second.pid)
        self.assertTrue(second.adopted)
        self.assertIn(b"yes", ask(path, "GET", "kept"))
        pid = second.pid
        await second.stop()
        self.assertTrue(gone(pid))

    async def test_adopted_after_gateway_killed(self) -> None:
        """
        kill -9 of a gateway (with an empty environment) leaves its server alone;
        the next gateway adopts it and can end it.
        """
        with subprocess.Popen(
            [sys.executable, "-c", GATEWAY, str(self.data_dir)],
            env={"PYTHONPATH": os.getcwd()},
            stdout=subprocess.PIPE,
            text=True,
        ) as gateway:
            assert gateway.stdout is not None
            path, pid = gateway.stdout.readline().split()
            ask(path, "SET", "kept", "yes")
            with self.assertRaises(Unavailable):
                await self.build().start()
            gateway.kill()
        valkey = self.build()
        self.assertEqual(path, await valkey.start())
        self.assertEqual(int(pid), valkey.pid)
        self.assertIn(b"yes", ask(path, "GET", "kept"))
        await valkey.stop()
        self.assertFalse(ValkeyFiles.prepare(self.data_dir).server_lives())

    async def test_killed_server_comes_back(self) -> None:
        """
        kill -9 of the server: it is started again with all that was accepted.
        """
        valkey = self.build()
        path = await valkey.start()
        for number in range(50):
            ask(path, "RPUSH", "list", str(number))
        back = self.wait_restart(valkey)
        os.kill(valkey.pid, signal.SIGKILL)
        await back
        self.assertEqual(b":50\r\n", ask(path, "LLEN", "list"))
        pid = valkey.pid
        await valkey.stop()
        self.assertTrue(gone(pid))

    async def test_not_restarted_while_disk_full(self) -> None:
        """
        A dead server stays down while there is no room, and is back with it.
        """
        room = [0]
        asked: list[Path] = []

        def free(folder: Path) -> int:
            asked.append(folder)
            return room[0]

        valkey = self.build(free_bytes=free)
        path = await valkey.start()
        back = self.wait_restart(valkey)
        os.kill(valkey.pid, signal.SIGKILL)
        while len(asked) < 3:
            await sleep(reactor, 0.01)
        self.assertFalse(Path(path).exists() and valkey._files.reachable())
        room[0] = 1 << 40
        await back
        self.assertEqual(b"+PONG\r\n", ask(path, "PING"))
        await valkey.stop()

    async def test_two_gateways_refused(self) -> None:
        """
        A second gateway on the same data is refused and told who is there.
        """
        valkey = self.build()
        path = await valkey.start()
        with self.assertRaises(Unavailable) as caught:
            await self.build().start()
        self.assertIn(f"pid {os.getpid()}", caught.exception.detail)
        self.assertEqual(b"+PONG\r\n", ask(path, "PING"))
        await valkey.stop()

    async def test_long_path(self) -> None:
        """
        A data directory too long for a socket has it in a private short folder.
        """
        self.data_dir = self.data_dir / ("long " * 20).strip() / ("x" * 60)
        valkey = self.build()
        path = await valkey.start()
        self.assertLess(len(path), 100)
        self.assertEqual(0o700, os.stat(Path(path).parent).st_mode & 0o777)
        self.assertEqual(path, (self.data_dir / "queue" / "socket").read_text("utf-8"))
        self.assertEqual(b"+OK\r\n", ask(path, "SET", "a", "b"))
        await valkey.stop()
        Path(path).parent.rmdir()

    async def test_unreachable_server_is_replaced(self) -> None:
        """
        A living server whose socket file is gone is ended before one is started
        on the same data.
        """
        first = self.build()
        path = await first.start()
        ask(path, "SET", "kept", "yes")
        await first.leave()
        Path(path).unlink()
        second = self.build(patience=0.05)
        path = await second.start()
        self.assertFalse(second.adopted)
        self.assertNotEqual(first.pid, second.pid)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(first.pid, 0)
        self.assertIn(b"yes", ask(path, "GET", "kept"))
        await second.stop()

    async def test_server_without_our_id_is_replaced(self) -> None:
        """
        A server on the data that does not show the data's id is not adopted.
        """
        first = self.build()
        path = await first.start()
        ask(path, "CONFIG", "SET", "proc-title-template", "{title} other")
        ask(path, "SET", "kept", "yes")
        await first.leave()
        second = self.build()
        self.assertEqual(path, await second.start())
        self.assertFalse(second.adopted)
        os.waitpid(first.pid, 0)
        self.assertIn(b"yes", ask(path, "GET", "kept"))
        await second.stop()

    async def test_restart_is_tried_again(self) -> None:
        """
        A server that cannot be started again is tried until it can.
        """
        valkey = self.build()
        path = await valkey.start()
        manifest = valkey._files.folder / "appendonlydir" / "appendonly.aof.manifest"
        good = manifest.read_bytes()
        manifest.write_bytes(b"no manifest\n")
        back = self.wait_restart(valkey)
        os.kill(valkey.pid, signal.SIGKILL)
        while valkey._failures < 2:
            await sleep(reactor, 0.01)
        self.assertIn("Invalid AOF manifest", valkey._complaint)
        manifest.write_bytes(good)
        await back
        self.assertEqual(b"+PONG\r\n", ask(path, "PING"))
        self.assertEqual("", valkey._complaint)
        await valkey.stop()

    async def test_leftover_child_is_ended(self) -> None:
        """
        What a killed server leaves behind holds the data only until it is ended.
        """
        valkey = self.build()
        path = await valkey.start()
        ask(path, "CONFIG", "SET", "rdb-key-save-delay", "1000000")
        for number in range(20):
            ask(path, "SET", f"key{number}", "x")
        ask(path, "BGREWRITEAOF")
        self.assertEqual(2, len(valkey._files.holders()))
        back = self.wait_restart(valkey)
        os.kill(valkey.pid, signal.SIGKILL)
        await back
        self.assertEqual(b":20\r\n", ask(path, "DBSIZE"))
        await valkey.stop()

    async def test_server_that_cannot_start(self) -> None:
        """
        A server that ends at once is Unavailable with the end of its log.
        """
        folder = ValkeyFiles.prepare(self.data_dir).folder / "appendonlydir"
        folder.mkdir()
        (folder / "appendonly.aof.manifest").write_text("no manifest\n", "utf-8")
        with self.assertRaises(Unavailable) as caught:
            await self.build().start()
        self.assertIn("the queue server ended", caught.exception.detail)
