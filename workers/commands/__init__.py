"""The commands of `zerotrip`, one module per audience. Exit codes: 0 good, 1 the answer is no, 2 wrong use, 3 the
environment is missing something, which is named."""
