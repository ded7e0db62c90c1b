"""
The page of carriers' codes says what the tables say.
"""

from tests.support.encyclopaedia import PAGE, written


def test_the_page_is_of_today() -> None:
    """
    Whoever changes a table runs C{python -m tests.support.encyclopaedia}.
    """
    assert PAGE.read_text("utf-8") == written()
