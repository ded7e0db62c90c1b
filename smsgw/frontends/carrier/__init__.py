"""
The door for systems that speak a carrier's protocol: we are the carrier to them.
"""
