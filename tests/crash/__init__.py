"""
Real processes, real C{kill -9}.
"""
