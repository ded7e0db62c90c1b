"""
Whose segment a number is in, by our own table (compliance.md 5.4).

The prefix names the home carrier only; a ported number is told by what sending
to it teaches. What is not in the table is unknown, never a guess.
"""

import attrs

__all__ = ["CARRIERS", "KINDS", "Segment", "carrier_of", "segment_of"]

CARRIERS = ("mobile", "unicom", "telecom", "broadnet", "unknown")
KINDS = ("normal", "mvno", "satellite", "iot", "unknown")


@attrs.frozen
class Segment:
    """
    One of L{CARRIERS} and one of L{KINDS}.
    """

    carrier: str
    kind: str


_ROWS = (
    (
        "mobile",
        "normal",
        "1340 1341 1342 1343 1344 1345 1346 1347 1348 135 136 137 138 139 147 150 "
        "151 152 157 158 159 172 178 182 183 184 187 188 195 197 198",
    ),
    ("mobile", "iot", "148"),
    ("mobile", "mvno", "165 1703 1705 1706"),
    ("unicom", "normal", "130 131 132 145 155 156 166 175 176 185 186 196"),
    ("unicom", "iot", "146"),
    ("unicom", "mvno", "167 171 1704 1707 1708 1709"),
    (
        "telecom",
        "normal",
        "133 149 153 173 177 180 181 189 190 191 193 199",
    ),
    ("telecom", "mvno", "162 1700 1701 1702"),
    (
        "telecom",
        "satellite",
        "13492 13493 13499 17400 17401 17402 17403 17404 17405",
    ),
    ("broadnet", "normal", "192 1610"),
    (
        "unknown",
        "satellite",
        "17406 17407 17408 17409 17410 17411 17412 1749 1619",
    ),
)
_UNKNOWN = Segment("unknown", "unknown")
_SEGMENTS = {
    prefix: Segment(carrier, kind)
    for carrier, kind, prefixes in _ROWS
    for prefix in prefixes.split()
}
_BY_THREE = {
    prefix: segment.carrier for prefix, segment in _SEGMENTS.items() if len(prefix) == 3
}


def carrier_of(number: str) -> str:
    """
    The home carrier of a normalised number; C{unknown} if the table lacks it.
    """
    found = _BY_THREE.get(number[:3])
    return found if found is not None else segment_of(number).carrier


def segment_of(number: str) -> Segment:
    """
    Carrier and kind of a normalised number, by its longest known prefix.
    """
    if len(number) != 11:
        return _UNKNOWN
    for length in (3, 4, 5):
        found = _SEGMENTS.get(number[:length])
        if found is not None:
            return found
    return _UNKNOWN
