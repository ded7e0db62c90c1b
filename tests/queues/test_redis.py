"""
The connection to a real server: scripts, bytes, order, loss and return.
"""

import pytest
from twisted.internet import reactor
from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.endpoints import UNIXClientEndpoint
from twisted.internet.task import deferLater
from twisted.trial.unittest import SynchronousTestCase, TestCase

from smsgw.errors import Unavailable
from smsgw.queues.redis import (
    NotDurable,
    RedisConnection,
    ReplyError,
    Script,
    load_script,
)
from tests.support.valkey import ValkeyServer, ask, valkey_server
from tests.support.valkey_cluster import free_ports

ECHO = Script("echo", b"return {KEYS[1], ARGV[1], #ARGV}")
BUMP = Script("bump", b"return redis.call('INCRBY', KEYS[1], ARGV[1])")


class ScriptTests(SynchronousTestCase):
    """
    Scripts are named, hashed once and read from the package.
    """

    def test_sha(self) -> None:
        """
        A script's name on the wire is the SHA-1 of its source.
        """
        self.assertEqual(
            "e0e1f9fabfc9d4800c877a703b823ac0578ff8db",
            Script("one", b"return 1").sha,
        )

    def test_missing_script(self) -> None:
        """
        A script that is not in the package is an error at once.
        """
        with self.assertRaises(FileNotFoundError):
            load_script("no_such_script")


@pytest.mark.real
class RedisConnectionTests(TestCase):
    """
    One connection to one server of this class's own.
    """

    server: ValkeyServer

    async def setUp(self) -> None:
        """
        A fresh server and a connection that is ready.
        """
        context = valkey_server()
        self.server = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        self.connection = await self.connect()

    async def connect(self, **settings: object) -> RedisConnection:
        """
        A connection that is closed before the server goes.
        """
        endpoint = UNIXClientEndpoint(reactor, self.server.socket)
        connection = RedisConnection(endpoint, reactor, **settings)
        connection.start()
        self.addCleanup(lambda: Deferred.fromCoroutine(connection.stop()))
        await connection.connected()
        return connection

    async def test_what_a_server_tells_of_itself(self) -> None:
        """
        Its lines of INFO, by name.
        """
        told = await self.connection.info("any")
        self.assertEqual("1", told["aof_enabled"])
        self.assertLess(0, int(told["used_memory"]))

    async def test_script_is_loaded_when_unknown(self) -> None:
        """
        A script runs on a server that has never seen it, and after a flush.
        """
        self.assertEqual(5, await self.connection.eval_script(BUMP, ["n"], [5]))
        await self.connection.command("SCRIPT", "FLUSH")
        self.assertEqual(7, await self.connection.eval_script(BUMP, ["n"], [2]))

    async def test_bytes_are_kept(self) -> None:
        """
        Any bytes, a plus sign and leading zeros come back as they went.
        """
        blob = bytes(range(256)) + b"\r\n$3\r\n"
        reply = await self.connection.eval_script(ECHO, [b"k\x00\xff"], [blob, 7])
        self.assertEqual([b"k\x00\xff", blob, 2], reply)
        for text in (b"+8613800138000", b"0012", b"QUEUED", b""):
            await self.connection.command("SET", "t", text)
            self.assertEqual(text, await self.connection.command("GET", "t"))
        self.assertIsNone(await self.connection.command("GET", "none"))

    async def test_calls_in_flight_answer_in_order(self) -> None:
        """
        A hundred calls sent without waiting have their effects in their order.
        """
        calls = [
            Deferred.fromCoroutine(self.connection.eval_script(BUMP, ["n"], [1]))
            for _ in range(100)
        ]
        await gatherResults(calls)
        calls = [
            Deferred.fromCoroutine(self.connection.eval_script(BUMP, ["n"], [1]))
            for _ in range(100)
        ]
        self.assertEqual(list(range(101, 201)), await gatherResults(calls))

    async def test_error_answers(self) -> None:
        """
        A script's own error keeps its first word; "not now" is Unavailable.
        """
        for text, wanted in (("STALE epoch 3", ReplyError), ("OOM x", Unavailable)):
            script = Script("e", f"return redis.error_reply('{text}')".encode())
            with self.assertRaises(wanted) as caught:
                await self.connection.eval_script(script, [], [])
        with self.assertRaises(ReplyError) as caught:
            await self.connection.command("INCR")
        self.assertEqual("ERR", caught.exception.code)

    async def test_server_killed_and_back(self) -> None:
        """
        Calls under way and after are Unavailable; it reconnects by itself, with
        the data and with the scripts.
        """
        await self.connection.eval_script(BUMP, ["n"], [1])
        self.server.pause()
        calls = [
            Deferred.fromCoroutine(self.connection.eval_script(BUMP, ["n"], [1]))
            for _ in range(3)
        ]
        self.server.kill()
        for call in calls:
            with self.assertRaises(Unavailable):
                await call
        with self.assertRaises(Unavailable):
            await self.connection.command("PING")
        self.server.start()
        await self.connection.connected()
        known = await self.connection.command("SCRIPT", "EXISTS", BUMP.sha)
        self.assertEqual([1], known)
        self.assertEqual(2, await self.connection.eval_script(BUMP, ["n"], [1]))

    async def test_silent_server(self) -> None:
        """
        A server that hears and does not answer is Unavailable after the timeout.
        """
        connection = await self.connect(timeout=0.05)
        self.server.pause()
        with self.assertRaises(Unavailable):
            await connection.command("PING")
        self.server.resume()
        await connection.connected()
        self.assertEqual(b"PONG", await connection.command("PING"))

    async def test_nobody_there(self) -> None:
        """
        Without a server a call is Unavailable at once, and so is the wait.
        """
        endpoint = UNIXClientEndpoint(reactor, self.server.socket + "-none")
        connection = RedisConnection(endpoint, reactor)
        connection.start()
        self.addCleanup(lambda: Deferred.fromCoroutine(connection.stop()))
        with self.assertRaises(Unavailable):
            await connection.command("PING")
        with self.assertRaises(Unavailable):
            await connection.connected(0.05)
        with self.assertRaises(Unavailable):
            await connection.check_durability()

    async def test_password_and_database(self) -> None:
        """
        The connection is signed in and in its database before the first call.
        """
        ask(self.server.socket, "CONFIG", "SET", "requirepass", "made-up")
        connection = await self.connect(password="made-up", database=3)
        await connection.command("SET", "here", "1")
        self.assertIn(b"db=3", await connection.command("CLIENT", "INFO"))
        self.assertNotIn("made-up", repr(connection))

    async def test_durable_settings(self) -> None:
        """
        Safe settings pass; each unsafe one is named; relaxed only reports.
        """
        self.assertEqual([], await self.connection.check_durability())
        ask(self.server.socket, "CONFIG", "SET", "appendfsync", "everysec")
        ask(self.server.socket, "CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
        with self.assertRaises(NotDurable) as caught:
            await self.connection.check_durability()
        self.assertIn("appendfsync is everysec, not always", str(caught.exception))
        self.assertEqual(2, len(await self.connection.check_durability(relaxed=True)))

    async def test_durable_connection_refuses(self) -> None:
        """
        A durable connection is not made to a server that forgets, and is made
        as soon as it no longer does.
        """
        ask(self.server.socket, "CONFIG", "SET", "appendfsync", "no")
        with self.assertRaises(Unavailable):
            endpoint = UNIXClientEndpoint(reactor, self.server.socket)
            connection = RedisConnection(endpoint, reactor, durable=True)
            connection.start()
            self.addCleanup(lambda: Deferred.fromCoroutine(connection.stop()))
            await connection.connected(0.1)
        ask(self.server.socket, "CONFIG", "SET", "appendfsync", "always")
        await connection.connected()

    async def test_settings_that_cannot_be_read(self) -> None:
        """
        A server that hides its settings is not taken on trust.
        """
        ask(self.server.socket, "ACL", "SETUSER", "default", "-config")
        with self.assertRaises(NotDurable) as caught:
            await self.connection.check_durability()
        self.assertIn("cannot be read (NOPERM", str(caught.exception))

    async def test_slow_but_answering_server(self) -> None:
        """
        The timeout counts from the last answer: many calls may take longer.
        """
        connection = await self.connect(timeout=0.02)
        for _ in range(200):
            await connection.command("PING")
        self.assertEqual(b"PONG", await connection.command("PING"))
        await connection.connected()

    async def test_loading_server(self) -> None:
        """
        A server that still loads its data is not connected until it has.
        """
        await self.connection.eval_script(
            Script("f", b"for i = 1, 3000 do redis.call('SET', i, 'x') end"), [], []
        )
        self.server.kill()
        self.server.settings = ("--key-load-delay", "200")
        self.server.start(ready=b"-LOADING")
        with self.assertRaises(Unavailable):
            await self.connection.command("PING")
        with self.assertRaises(Unavailable):
            await self.connection.connected(0.05)
        ask(self.server.socket, "CONFIG", "SET", "key-load-delay", "0")
        await self.connection.connected()
        self.assertEqual(3000, await self.connection.command("DBSIZE"))

    async def test_nothing_counts_before_a_replica_has_it(self) -> None:
        """
        Without one, what became of a script is unknown; with one it is there, too.
        """
        careful = await self.connect(replicas=1)
        with self.assertRaises(Unavailable) as refused:
            await careful.eval_script(BUMP, ["n"], [5])
        self.assertIn("fewer than 1 replicas", refused.exception.detail)
        (port,) = free_ports(1)
        ask(self.server.socket, "CONFIG", "SET", "port", str(port))
        words = ("--replicaof", f"127.0.0.1 {port}", "--repl-diskless-sync-delay", "0")
        with valkey_server(settings=words) as replica:
            while b"link_status:up" not in ask(replica.socket, "INFO", "replication"):
                await deferLater(reactor, 0.02)
            self.assertEqual(7, await careful.eval_script(BUMP, ["n"], [2]))
            self.assertEqual(b"$1\r\n7\r\n", ask(replica.socket, "GET", "n"))
            with self.assertRaises(ReplyError):
                await careful.eval_script(Script("bad", b"return nonsense"), [], [])
