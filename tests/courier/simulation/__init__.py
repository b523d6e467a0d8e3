"""A town of residents, an office, the real worker and the real door, and three couriers over HTTP who do everything
wrong; weeks of it in seconds, the same again from the same seed.

`python -m tests.courier.simulation --help` runs it by hand.
"""
