"""
Protection of what the record keeps about people, with the national algorithms.
"""
