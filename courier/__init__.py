"""Who carries the paper: partners behind one port, one event vocabulary, one fold from events to a leg's state.

`port.py` is what the rest of the program may ask of a partner, `vocabulary.py` what partners may say, `fold.py` what
it amounts to. Each partner is one module of three layers (pure build and parse, a thin HTTP client, a table of its
codes); nothing of a partner's vocabulary leaves it. Nothing here reads the environment or the clock unasked.
"""
