"""
The three families of errors; each door has one table from them to its language.
"""

__all__ = ["Refused", "Unavailable", "Violation"]


class Refused(Exception):
    """
    The caller's fault: a stable code, words, and the field they are about.

    C{code} is one of L{smsgw.codes}' numbers (1xxx rights, 2xxx format, 3xxx
    quota, 4xxx content, 5xxx routing, 7xxx state). C{retry_after} are seconds
    after which it may be taken, 0 for unknown.
    """

    def __init__(
        self, code: int, detail: str = "", field: str = "", retry_after: float = 0.0
    ) -> None:
        super().__init__(code, detail, field)
        self.code = code
        self.detail = detail
        self.field = field
        self.retry_after = retry_after


class Unavailable(Exception):
    """
    Not now: try again after C{retry_after} seconds; the outcome may be unknown.
    """

    def __init__(self, detail: str, retry_after: float = 1.0) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after = retry_after


class Violation(Exception):
    """
    A peer broke its protocol.
    """
