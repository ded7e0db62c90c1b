"""
The doors: how business systems reach the gateway, and how it reaches them.
"""
