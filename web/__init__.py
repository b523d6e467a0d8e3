"""The front doors: the resident API, the desk, the departments, the hooks. Decides nothing: it asks `cases` and tells `storage`."""
