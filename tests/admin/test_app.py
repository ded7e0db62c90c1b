"""
Tests for L{smsgw.admin.app}.
"""

from treq.testing import StubTreq
from twisted.trial.unittest import SynchronousTestCase

from smsgw.admin.app import Console
from smsgw.admin.pages import Status
from smsgw.errors import Unavailable


class ConsoleTests(SynchronousTestCase):
    """
    The console over HTTP in memory.
    """

    def setUp(self) -> None:
        self.available = True
        self.http = StubTreq(Console(self.read_status).resource())

    async def read_status(self) -> Status:
        """
        The status, or not now.
        """
        if not self.available:
            raise Unavailable("starting")
        return Status("node1", {"queue": True}, {}, {})

    def get(self, path: str) -> tuple[int, str, dict[str, str]]:
        """
        Status, text and headers of a page.
        """
        asked = self.http.get(f"http://console{path}")
        self.http.flush()
        answer = self.successResultOf(asked)
        text = self.successResultOf(answer.text("utf-8"))
        headers = {
            name.decode().lower(): values[0].decode()
            for name, values in answer.headers.getAllRawHeaders()
        }
        return answer.code, text, headers

    def test_status_page(self) -> None:
        """
        The page is Chinese HTML under a strict content policy.
        """
        code, text, headers = self.get("/")
        self.assertEqual(200, code)
        self.assertTrue(text.startswith("<!DOCTYPE html>"))
        self.assertIn("运行正常", text)
        self.assertEqual("text/html; charset=utf-8", headers["content-type"])
        policy = headers["content-security-policy"]
        self.assertIn("default-src 'none'", policy)
        self.assertNotIn("unsafe", policy)

    def test_english(self) -> None:
        """
        C{?lang=en} switches to English.
        """
        _, text, _ = self.get("/?lang=en")
        self.assertIn("Everything works", text)

    def test_unavailable(self) -> None:
        """
        While the service cannot tell, the page says so with status 503.
        """
        self.available = False
        code, text, _ = self.get("/")
        self.assertEqual(503, code)
        self.assertIn("无法读取", text)

    def test_style(self) -> None:
        """
        The stylesheet comes from the console itself.
        """
        code, text, headers = self.get("/static/console.css")
        self.assertEqual(200, code)
        self.assertIn("body", text)
        self.assertEqual("text/css; charset=utf-8", headers["content-type"])

    def test_read_only(self) -> None:
        """
        Nothing can be changed here.
        """
        asked = self.http.post("http://console/")
        self.http.flush()
        self.assertEqual(405, self.successResultOf(asked).code)
