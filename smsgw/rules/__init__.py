"""
Pure decisions over values: class and lane, route, retry, doubtful segments.
"""
