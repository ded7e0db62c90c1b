"""
The page of protocols says what the tables say.
"""

from tests.support.conformance import PAGE, written


def test_the_page_is_of_today() -> None:
    """
    Whoever changes a table runs C{python -m tests.support.conformance}.
    """
    assert PAGE.read_text("utf-8") == written()
