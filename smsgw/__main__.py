"""
C{python -m smsgw}: the command line.
"""

import sys

from smsgw.cli import main

if __name__ == "__main__":
    sys.exit(main())
