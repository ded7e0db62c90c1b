"""
A carrier in the product: to try with, to test against, to measure with.
"""
