"""
Tests for L{smsgw.admin.pages}.
"""

from twisted.trial.unittest import SynchronousTestCase
from twisted.web.template import flattenString

from smsgw.admin.pages import Status, status_page
from smsgw.admin.words import Language

WELL = Status("node1", {"queue": True}, {"code": 1234}, {"smsgw_accepted_total": 5})


class StatusPageTests(SynchronousTestCase):
    """
    The status page as text.
    """

    def render(self, status: Status | None, language: Language = "zh") -> str:
        """
        The page as a browser gets it.
        """
        page = status_page(status, language)
        return self.successResultOf(flattenString(None, page)).decode()

    def test_chinese(self) -> None:
        """
        The page says in Chinese what works and how much waits.
        """
        page = self.render(WELL)
        self.assertIn('<html lang="zh-CN">', page)
        self.assertIn("运行正常", page)
        self.assertIn('<th scope="row">验证码</th><td>1,234</td>', page)
        self.assertIn('<a href="?lang=en">English</a>', page)

    def test_english(self) -> None:
        """
        The same page in English.
        """
        page = self.render(WELL, "en")
        self.assertIn('<html lang="en">', page)
        self.assertIn("Everything works", page)
        self.assertIn('<th scope="row">accepted</th><td>5</td>', page)

    def test_a_part_that_fails_is_seen(self) -> None:
        """
        One part that fails is enough for the whole to need attention.
        """
        page = self.render(Status("n", {"queue": True, "record": False}, {}, {}))
        self.assertIn("需要关注", page)
        self.assertIn('<th scope="row">记录数据库</th><td>异常</td>', page)
        self.assertEqual(2, page.count("暂无数据"))

    def test_names_are_escaped(self) -> None:
        """
        A channel's id cannot bring markup into the page.
        """
        page = self.render(Status("<b>", {"<i>": True}, {}, {}))
        self.assertIn("&lt;b&gt;", page)
        self.assertNotIn("<i>", page)

    def test_nothing_is_loaded_from_elsewhere(self) -> None:
        """
        The page names no address outside itself.
        """
        self.assertNotIn("//", self.render(WELL))

    def test_unknown(self) -> None:
        """
        A status that could not be read is said so.
        """
        self.assertIn("无法读取", self.render(None))
