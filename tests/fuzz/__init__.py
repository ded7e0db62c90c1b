"""
Parsers under atheris: C{python -m tests.fuzz PROTOCOL [--seconds 600]}.
"""
