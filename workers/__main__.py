"""`zerotrip`, and `python -m workers`: the command line, or the service itself.

`zerotrip up` is the service at once: the command line's forty commands, with all that reads pictures and draws papers, cost two
seconds of a processor to load, and nobody who starts a service should wait for them.
"""

import os
import runpy
import sys
from collections.abc import Sequence

UP, HELP = "up", "--help"


def main() -> None:
    words = sys.argv[1:]
    if is_the_service(words):
        sys.stdout.flush()
        os.execv(sys.executable, [sys.executable, "-m", "workers.embedded", *words[1:]])
    runpy.run_module("workers.cli", run_name="__main__")


def is_the_service(words: Sequence[str]) -> bool:
    """Help is the command line's to give."""
    return list(words[:1]) == [UP] and HELP not in words


if __name__ == "__main__":
    main()
