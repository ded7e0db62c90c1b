"""
Channels to vendors that speak HTTP, each described by its settings alone.
"""
