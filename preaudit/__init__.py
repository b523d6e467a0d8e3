"""Pre-audit 预审: untrusted pictures and PDFs in, readings and findings out; the item catalogue and its linter.

No network, no database, no environment. Files are parsed in child processes with limits, never in this one.
"""
