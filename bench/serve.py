"""A contender's own process: `python -m bench.serve NAME THREADS FD` answers pictures on that socket until it is closed."""

import logging
import sys
from multiprocessing.connection import Connection

import cv2

from bench.contenders import EVERYBODY, Outcome


def main() -> None:
    name, threads, number = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    logging.disable(logging.WARNING)
    cv2.setNumThreads(threads)
    line = Connection(number)
    read = EVERYBODY[name].build(threads)
    line.send(Outcome(0.0))  # ready
    while True:
        try:
            data, labels = line.recv()
        except EOFError:
            return
        try:
            line.send(read(data, labels))
        except Exception as error:  # the edge: what a peer raises on a picture is its result
            line.send(Outcome(0.0, failed=f"{type(error).__name__}: {error}"[:300]))


if __name__ == "__main__":
    main()
