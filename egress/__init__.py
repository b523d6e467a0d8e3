"""The one way out 出口: every request that this program makes of another one goes through `egress.door`."""
