"""
The HTTP door: JSON in and out, version 1.
"""
