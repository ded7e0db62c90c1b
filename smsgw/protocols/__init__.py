"""
The carriers' protocols: pure, bytes and times in, values and bytes out.
"""
