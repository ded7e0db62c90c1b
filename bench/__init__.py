"""
The benchmark suite: scenarios of performance.md against real processes.
"""
