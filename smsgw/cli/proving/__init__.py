"""
Proof on the spot: load, blows, and a comparison of everybody's lists.
"""
