"""The resident API, one module per part of the contract's table. A resident sees their own cases and nothing else."""
