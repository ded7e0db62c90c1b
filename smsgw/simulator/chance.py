"""
Chance that a seed repeats: SplitMix64.
"""

import attrs

__all__ = ["Chance"]

_MASK = (1 << 64) - 1


@attrs.define(eq=False)
class Chance:
    """
    Called, gives the next float of [0, 1).
    """

    seed: int = 1

    def __call__(self) -> float:
        self.seed = (self.seed + 0x9E3779B97F4A7C15) & _MASK
        mixed = self.seed
        mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 & _MASK
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB & _MASK
        return (mixed ^ mixed >> 31) / 2.0**64
