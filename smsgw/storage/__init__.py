"""
The record: business objects, messages and everything that happened to them.
"""
