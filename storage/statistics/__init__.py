"""Figures over all cases, kept as the cases change: how much of what, when, where and how fast.

`tables`: what is kept. `facts`: what the rows of a case say. `counting`: what that counts for. `keeping`: in the same
transaction as the change. `asking`: the sums. `drilling`: the cases behind a sum. `figures`: what each one means.
"""
