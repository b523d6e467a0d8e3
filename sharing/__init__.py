"""Data sharing 数据共享: asking the registries of other departments whether a material can be proved without the resident's
paper. `port` says what is asked and answered, `client` asks over HTTP, `sandbox` is a registry to develop and test against.

Knows no database, no web, no queue. Docs: docs/reuse.md.
"""
