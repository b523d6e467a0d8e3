"""The domain: what a case is, how it lives, and what may happen to it next.

Pure values and rules. Nothing here does I/O, reads a clock, makes an identity or imports anything outside the
standard library; whoever calls passes those in.
"""
