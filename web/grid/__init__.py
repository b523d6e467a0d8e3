"""For grid workers 网格员: what to fetch and deliver today, scans that may come late, and a page for the phone."""
