"""
Towards carriers: connections, windows, pace.
"""
