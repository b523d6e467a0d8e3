"""The desk's pages: what the JSON doors answer, drawn for people. No page decides anything of its own."""
