"""
The use cases: accept, dispatch, exchange, receive. Async, without Twisted.

Nothing here knows a door, a carrier's protocol or a table; everything waits on
a port of L{smsgw.ports}.
"""
