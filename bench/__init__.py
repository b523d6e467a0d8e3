"""Measured, not supposed: how well and how fast pages are read, beside a plain peer, and how long an upload waits.

`python -m bench` runs everything and writes `bench/RESULTS.md` with the machine it ran on.
"""
