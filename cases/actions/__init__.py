"""Use-cases: `(CaseFile, what is asked, when) -> Outcome`. They decide; `storage` applies. One module per stage."""
