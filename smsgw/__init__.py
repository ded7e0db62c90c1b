"""
An SMS gateway for hospitals: what it accepts is durable, and every message ends.
"""
