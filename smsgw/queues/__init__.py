"""
The queue: Redis or Valkey, our own private server or the customer's.
"""
