"""A registry for development and tests: the protocol of docs/reuse.md over HTTP, invented people, and faults on demand.

`python -m sharing.sandbox --port N --client NAME --secret …`
"""
