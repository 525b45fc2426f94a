"""`python -m juesuan_rules` is the same as the command `juesuan-rules`."""

import sys

from juesuan_rules.commands.main import main

if __name__ == "__main__":
    sys.exit(main())
