"""To be imported before anything else by what is started as a process, and by nothing else: while a process loads what it is made of,
the collector of garbage looks through all of it again and again, and finds nothing. A fifth of the time in which the doors open.

`collect_from_now` ends it: what was loaded stays until the end and is not looked through any more, the rest is as ever.
"""

import gc

gc.disable()


def collect_from_now() -> None:
    gc.freeze()
    gc.enable()
